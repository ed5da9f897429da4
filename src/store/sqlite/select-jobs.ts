/**
 * Jobs as they are read: with the number and the time of their last entry, which stand in their history alone. Where that is
 * damaged, what can be read is told: one job's history must not hide the others.
 */

import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from "kysely";
import { OrchError } from "../../core/errors.ts";
import type { JobRecord } from "../store.ts";
import type { Connection } from "./connection.ts";
import { toJob } from "./rows.ts";
import type { Schema } from "./schema.ts";

type Jobs = SelectQueryBuilder<Schema, "jobs", Selectable<Schema["jobs"]>>;

const last = (column: "seq" | "at") =>
  sql<number | null>`(select ${sql.ref(column)} from history where job_id = jobs.id order by seq desc limit 1)`;

const bare = (queries: Kysely<Schema>): Jobs => queries.selectFrom("jobs").selectAll();
const withLast = (jobs: Jobs) => jobs.select([last("seq").as("last_seq"), last("at").as("last_at")]);
/** The number stands in the history's index, too: a damaged entry does not hide it. */
const withNumber = (jobs: Jobs) => jobs.select([last("seq").as("last_seq"), sql<null>`null`.as("last_at")]);

export const selectJobs = (queries: Kysely<Schema>) => withLast(bare(queries));

/** @param read the job as `selectJobs` has it, if it can be read; its number is needed in any case */
export function readJob(connection: Connection, jobId: string, read: () => JobRecord | undefined) {
  return orElse(read, () => {
    const query = withNumber(bare(connection.queries).where("id", "=", jobId));
    return connection.read(connection.all(query), toJob)[0];
  });
}

/** @param narrow says which of them, and in which order */
export function readJobs(connection: Connection, narrow: (jobs: Jobs) => Jobs): readonly JobRecord[] {
  const jobs = narrow(bare(connection.queries));
  return orElse(
    () => connection.read(connection.all(withLast(jobs)), toJob),
    () => connection.read(connection.all(jobs), (row) => toJob({ ...row, ...lastOf(connection, row.id) })),
  );
}

/** What can be read of it. */
function lastOf(connection: Connection, jobId: string) {
  const row = bare(connection.queries).where("id", "=", jobId);
  const none = { last_seq: null, last_at: null };
  return orElse(
    () => connection.get(withLast(row)) ?? none,
    () =>
      orElse(
        () => connection.get(withNumber(row)) ?? none,
        () => none,
      ),
  );
}

function orElse<Result>(read: () => Result, otherwise: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof OrchError && error.code === "database-damaged") return otherwise();
    throw error;
  }
}
