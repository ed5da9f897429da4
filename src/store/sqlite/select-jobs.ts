/** Jobs as they are read: with the number and the time of their last entry, which stand in their history alone. */

import { type Kysely, sql } from "kysely";
import type { Schema } from "./schema.ts";

export function selectJobs(queries: Kysely<Schema>) {
  const last = (column: "seq" | "at") =>
    sql<number | null>`(select ${sql.ref(column)} from history where job_id = jobs.id order by seq desc limit 1)`;
  return queries
    .selectFrom("jobs")
    .selectAll()
    .select([last("seq").as("last_seq"), last("at").as("last_at")]);
}
