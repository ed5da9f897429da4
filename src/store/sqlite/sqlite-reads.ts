/** `Reads` on SQLite. */

import { type SqlBool, sql } from "kysely";
import type { ErrorData } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { ActivityFacts, ActorFacts, MeterUsage, Reads, TableDump } from "../reads.ts";
import type { ActivityStatus, ActorStatus, HistoryRecord, JobRecord } from "../store.ts";
import { activitiesOfJob } from "./activities-of-job.ts";
import type { Connection } from "./connection.ts";
import { dumpTables } from "./dump-tables.ts";
import { toHistory } from "./rows.ts";
import { readJobs } from "./select-jobs.ts";

export class SqliteReads implements Reads {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  listJobsBefore({ before, limit }: Parameters<Reads["listJobsBefore"]>[0]): readonly JobRecord[] {
    return readJobs(this.#connection, (jobs) => {
      const older = before
        ? jobs.where(({ eb, refTuple, tuple }) =>
            eb(refTuple("created_at", "id"), "<", tuple(before.createdAt, before.id)),
          )
        : jobs;
      return older.orderBy("created_at", "desc").orderBy("id", "desc").limit(limit);
    });
  }

  listLabels(name: string, limit: number): readonly string[] {
    const value = sql<string | null>`json_extract(labels_json, ${`$.${name}`})`;
    const query = this.#connection.queries
      .selectFrom("jobs")
      .select(({ fn }) => [value.as("value"), fn.max("created_at").as("newest")])
      .groupBy(value)
      .orderBy("newest", "desc")
      .limit(limit);
    return this.#connection.all(query).flatMap((row) => (row.value === null ? [] : [row.value]));
  }

  listActorFacts(jobId: string, { after = -1 }: { after?: number } = {}): readonly ActorFacts[] {
    const rows = this.#connection.all(
      this.#connection.queries
        .selectFrom("actors")
        .select(["id", "workflow", "version", "status", "updated_seq"])
        .select(sql<string | null>`snapshot_json -> '$.value'`.as("state"))
        .where("job_id", "=", jobId)
        .where("updated_seq", ">", after)
        .orderBy("id"),
    );
    return this.#connection.read(rows, ({ id, workflow, version, status, state, updated_seq }) => ({
      ...{ id, workflow, version, status: status as ActorStatus, updatedSeq: updated_seq },
      state: state === null ? null : (JSON.parse(state) as Json),
    }));
  }

  listActivityFacts(
    jobId: string,
    { after = 0, numbers = [], actorId }: { after?: number; numbers?: readonly number[]; actorId?: string } = {},
  ): readonly ActivityFacts[] {
    const facts = this.#connection.queries
      .selectFrom("activities")
      .select(["number", "effect_id", "actor_id", "invoke_id", "name", "status", "attempt", "failures"])
      .select(["scheduled_at", "due_at", "finished_at", "error_json"])
      .select([
        sql<string | null>`heartbeat_json ->> '$.line'`.as("line"),
        sql<string | null>`heartbeat_json ->> '$.threadId'`.as("thread"),
      ]);
    // Whoever has seen some asks for what is new in the whole table since: that is little, and stands at its end.
    const isNew = after === 0 ? activitiesOfJob(jobId) : sql<SqlBool>`number > ${after} and job_id = ${jobId}`;
    let query = facts.where(isNew);
    if (actorId !== undefined) query = query.where("actor_id", "=", actorId);
    const known =
      numbers.length === 0
        ? []
        : this.#connection.all(facts.where("job_id", "=", jobId).where("number", "in", [...numbers]));
    const rows = [...known, ...this.#connection.all(query.orderBy("number"))];
    return this.#connection.read(rows, (row) => ({
      number: row.number,
      effectId: row.effect_id,
      actorId: row.actor_id,
      invokeId: row.invoke_id,
      name: row.name,
      status: row.status as ActivityStatus,
      attempt: row.attempt,
      failures: row.failures,
      scheduledAt: row.scheduled_at,
      dueAt: row.due_at,
      finishedAt: row.finished_at,
      line: row.line === null || row.line === "" ? null : String(row.line),
      threadId: row.thread === null ? null : String(row.thread),
      error: row.error_json === null ? null : (JSON.parse(row.error_json) as ErrorData),
    }));
  }

  lastActivityNumber(): number {
    const query = this.#connection.queries.selectFrom("activities").select(({ fn }) => fn.max("number").as("last"));
    return this.#connection.get(query)?.last ?? 0;
  }

  lastInput(jobId: string, actorId: string, name: string): Json | undefined {
    const row = this.#connection.get(
      this.#connection.queries
        .selectFrom("activities")
        .select("input_json")
        .where(activitiesOfJob(jobId))
        .where("actor_id", "=", actorId)
        .where("name", "=", name)
        .orderBy("number", "desc")
        .limit(1),
    );
    return this.#connection.read(row ? [row] : [], ({ input_json }) => JSON.parse(input_json) as Json)[0];
  }

  listUsage(jobId: string): readonly MeterUsage[] {
    const rows = this.#connection.all(
      this.#connection.queries.selectFrom("usage").selectAll().where("job_id", "=", jobId),
    );
    return rows.map((row) => ({
      meter: row.meter,
      inputTokens: row.input_tokens,
      cachedInputTokens: row.cached_input_tokens,
      outputTokens: row.output_tokens,
      reasoningOutputTokens: row.reasoning_output_tokens,
    }));
  }

  listEventsOf(jobId: string, types: readonly string[]): readonly HistoryRecord[] {
    const rows = this.#connection.all(
      this.#connection.queries
        .selectFrom("history")
        .selectAll()
        .where("job_id", "=", jobId)
        .where(sql<string>`event_json ->> '$.type'`, "in", [...types])
        .orderBy("seq"),
    );
    return this.#connection.read(rows, toHistory);
  }

  dump(params: Parameters<Reads["dump"]>[0]): Readonly<Record<string, TableDump>> {
    return dumpTables(this.#connection, params);
  }
}
