/** The store on SQLite. Made by `openSqliteStore`. */

import { type SqlBool, sql } from "kysely";
import { parseEffectId } from "../../core/ids.ts";
import type { Json } from "../../core/json.ts";
import type { TokenUsage } from "../../core/usage.ts";
import type { Reads } from "../reads.ts";
import type {
  ActivityRecord,
  ActivityStatus,
  ActorRecord,
  ArtifactRecord,
  HistoryRecord,
  JobRecord,
  LeaseOutcome,
  NewJob,
  NoteRecord,
  Outcome,
  SignalOutcome,
  SignalRecord,
  Step,
  StepOutcome,
  Store,
  TimerRecord,
  WholeJob,
} from "../store.ts";
import { activitiesOfJob, activityOfEffect } from "./activities-of-job.ts";
import type { ChangeFeed } from "./change-feed.ts";
import type { Connection } from "./connection.ts";
import { insertJob } from "./insert-job.ts";
import { prepareLeases, prepareReads } from "./prepared.ts";
import { toActivity, toActor, toArtifact, toHistory, toJob, toLease, toNote, toSignal, toTimer } from "./rows.ts";
import { readJob, readJobs } from "./select-jobs.ts";
import { SqliteReads } from "./sqlite-reads.ts";
import { StepWriter } from "./step-writer.ts";

const TABLES_OF_JOBS = ["actors", "history", "timers", "signals", "artifacts", "usage", "notes"] as const;

export class SqliteStore implements Store {
  readonly #connection: Connection;
  readonly #changes: ChangeFeed | null;
  readonly #steps: StepWriter;
  readonly #reads: ReturnType<typeof prepareReads>;
  readonly #leases: ReturnType<typeof prepareLeases>;
  /** For those who look at jobs. */
  readonly reads: Reads;

  /** @param changes null for a database that no other process can see */
  constructor(connection: Connection, changes: ChangeFeed | null) {
    this.#connection = connection;
    this.#changes = changes;
    this.#steps = new StepWriter(connection);
    this.#reads = prepareReads(connection);
    this.#leases = prepareLeases(connection);
    this.reads = new SqliteReads(connection);
  }

  createJob(job: NewJob): boolean {
    const { queries } = this.#connection;
    return this.#connection.write(() => {
      const added = this.#connection.run(
        queries
          .insertInto("jobs")
          .values({
            id: job.id,
            workflow: job.workflow,
            version: job.version,
            definition_hash: job.definitionHash,
            status: "running",
            closed: 0,
            input_json: JSON.stringify(job.input),
            labels_json: JSON.stringify(job.labels),
            created_at: job.now,
            updated_at: job.now,
            lease_epoch: 0,
          })
          .onConflict((conflict) => conflict.column("id").doNothing()),
      );
      if (added === 0) return false;
      this.#connection.run(
        queries.insertInto("actors").values({
          job_id: job.id,
          id: ROOT_ACTOR,
          workflow: job.workflow,
          version: job.version,
          definition_hash: job.definitionHash,
          status: "active",
          snapshot_json: null,
          updated_seq: 0,
        }),
      );
      this.#connection.run(
        queries.insertInto("signals").values({
          job_id: job.id,
          id: "init",
          actor_id: ROOT_ACTOR,
          // It names the workflow, so that a history can be replayed by itself.
          event_json: JSON.stringify({
            type: "xstate.init",
            workflow: job.workflow,
            version: job.version,
            input: job.input,
          }),
          external: 0,
          created_at: job.now,
        }),
      );
      return true;
    });
  }

  insertJob(whole: WholeJob): boolean {
    return this.#connection.write(() => insertJob(this.#connection, whole));
  }

  deleteJob(jobId: string): boolean {
    const { queries } = this.#connection;
    return this.#connection.write(() => {
      const isDeleted = this.#connection.run(
        queries.deleteFrom("jobs").where("id", "=", jobId).where("closed", "=", 1),
      );
      if (isDeleted === 0) return false;
      this.#connection.run(queries.deleteFrom("activities").where(activitiesOfJob(jobId)));
      for (const table of TABLES_OF_JOBS) {
        this.#connection.run(queries.deleteFrom(table).where("job_id", "=", jobId));
      }
      return true;
    });
  }

  compact(): void {
    this.#connection.compact();
  }

  getJob(jobId: string): JobRecord | undefined {
    return readJob(this.#connection, jobId, () => this.#read(this.#reads.job({ jobId }), toJob)[0]);
  }

  listJobs({ limit, offset = 0 }: { limit: number; offset?: number }): readonly JobRecord[] {
    return readJobs(this.#connection, (jobs) =>
      jobs.orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).offset(offset),
    );
  }

  listOpenJobs(): readonly JobRecord[] {
    return readJobs(this.#connection, (jobs) =>
      jobs.where(sql<SqlBool>`closed = 0`).orderBy("created_at").orderBy("id"),
    );
  }

  acquireLease({ jobId, owner, now, ttlMs, isGone }: Parameters<Store["acquireLease"]>[0]): LeaseOutcome {
    return this.#connection.write(() => {
      const [row] = this.#reads.lease({ jobId });
      if (!row) throw new Error(`no job ${jobId}`);
      const lease = toLease(row);
      if (lease && lease.expiresAt > now && !isGone(lease.owner)) return { acquired: false, heldBy: lease };
      const epoch = row.lease_epoch + 1;
      this.#leases.take({ jobId, epoch, owner: JSON.stringify(owner), expiresAt: now + ttlMs });
      return { acquired: true, epoch };
    });
  }

  renewLease({ jobId, epoch, expiresAt }: Parameters<Store["renewLease"]>[0]): boolean {
    return this.#leases.renew({ jobId, epoch, expiresAt }) === 1;
  }

  releaseLease({ jobId, epoch }: Parameters<Store["releaseLease"]>[0]): void {
    this.#leases.release({ jobId, epoch });
  }

  commit(steps: readonly Step[]): readonly StepOutcome[] {
    return this.#steps.write(steps);
  }

  together<Result>(acts: readonly (() => Result)[]): readonly Outcome<Result>[] {
    return this.#connection.together(acts);
  }

  beginAttempt({ effectId, epoch, attempt }: Parameters<Store["beginAttempt"]>[0]): boolean {
    return (
      this.#connection.run(
        this.#scheduledActivity(effectId, epoch)
          .set({ attempt })
          .where("attempt", "=", attempt - 1),
      ) === 1
    );
  }

  scheduleRetry({ effectId, epoch, attempt, dueAt, error, isFailure }: Parameters<Store["scheduleRetry"]>[0]): boolean {
    return (
      this.#connection.run(
        this.#scheduledActivity(effectId, epoch)
          .set((expression) => ({
            due_at: dueAt,
            error_json: JSON.stringify(error),
            failures: expression("failures", "+", isFailure ? 1 : 0),
          }))
          .where("attempt", "=", attempt),
      ) === 1
    );
  }

  heartbeat({ effectId, epoch, attempt, details, now }: Parameters<Store["heartbeat"]>[0]): boolean {
    return (
      this.#connection.run(
        this.#scheduledActivity(effectId, epoch)
          .set({ heartbeat_json: JSON.stringify(details), heartbeat_at: now })
          .where("attempt", "=", attempt),
      ) === 1
    );
  }

  addSignal({ jobId, id, actorId, event, now }: Parameters<Store["addSignal"]>[0]): SignalOutcome {
    const { queries } = this.#connection;
    return this.#connection.write(() => {
      const job = this.#connection.get(queries.selectFrom("jobs").select("closed").where("id", "=", jobId));
      if (!job) return "no-job";
      const known = this.#connection.get(
        queries.selectFrom("signals").select("number").where("job_id", "=", jobId).where("id", "=", id),
      );
      if (known) return "known";
      if (job.closed === 1) return "job-closed";
      this.#connection.run(
        queries.insertInto("signals").values({
          job_id: jobId,
          id,
          actor_id: actorId,
          event_json: JSON.stringify(event),
          external: 1,
          created_at: now,
        }),
      );
      return "added";
    });
  }

  getActor(jobId: string, actorId: string): ActorRecord | undefined {
    return this.#read(this.#reads.actor({ jobId, actorId }), toActor)[0];
  }

  listActors(jobId: string): readonly ActorRecord[] {
    const query = this.#connection.queries.selectFrom("actors").selectAll();
    return this.#read(this.#connection.all(query.where("job_id", "=", jobId).orderBy("id")), toActor);
  }

  listActiveWorkflows(jobId: string): ReturnType<Store["listActiveWorkflows"]> {
    const rows = this.#reads.activeWorkflows({ jobId });
    return rows.map(({ workflow, version, definition_hash }) => ({
      workflow,
      version,
      definitionHash: definition_hash,
    }));
  }

  getActivity(effectId: string): ActivityRecord | undefined {
    return this.#read(this.#reads.activity({ effectId, ...madeOf(effectId) }), toActivity)[0];
  }

  listActivities(jobId: string, { status }: { status?: ActivityStatus } = {}): readonly ActivityRecord[] {
    if (status === "scheduled") return this.#read(this.#reads.scheduledActivities({ jobId }), toActivity);
    let query = this.#connection.queries.selectFrom("activities").selectAll().where(activitiesOfJob(jobId));
    if (status) query = query.where("status", "=", status);
    return this.#read(this.#connection.all(query.orderBy("number")), toActivity);
  }

  listTimers(jobId: string): readonly TimerRecord[] {
    return this.#read(this.#reads.timers({ jobId }), toTimer);
  }

  listSignalledJobs(): ReturnType<Store["listSignalledJobs"]> {
    return this.#reads.signalledJobs({}).map(({ job_id, newest }) => ({ jobId: job_id, newest }));
  }

  listPendingSignals(jobId: string): readonly SignalRecord[] {
    return this.#read(this.#reads.pendingSignals({ jobId }), toSignal);
  }

  listHistory(jobId: string, { after = 0, limit }: { after?: number; limit?: number } = {}): readonly HistoryRecord[] {
    let query = this.#connection.queries
      .selectFrom("history")
      .selectAll()
      .where("job_id", "=", jobId)
      .where("seq", ">", after)
      .orderBy("seq");
    if (limit !== undefined) query = query.limit(limit);
    return this.#read(this.#connection.all(query), toHistory);
  }

  listArtifacts(jobId: string): readonly ArtifactRecord[] {
    const query = this.#connection.queries.selectFrom("artifacts").select(["name", "seq", "content_json"]);
    return this.#read(
      this.#connection.all(query.where("job_id", "=", jobId).orderBy("seq").orderBy("name")),
      toArtifact,
    );
  }

  getArtifact(jobId: string, name: string): ArtifactRecord | undefined {
    const row = this.#connection.get(
      this.#connection.queries
        .selectFrom("artifacts")
        .select(["name", "seq", "content_json"])
        .where("job_id", "=", jobId)
        .where("name", "=", name)
        .orderBy("seq", "desc")
        .limit(1),
    );
    return this.#read(toRows(row), toArtifact)[0];
  }

  recordUsage({ jobId, epoch, meter, usage }: Parameters<Store["recordUsage"]>[0]): void {
    const figures = {
      input_tokens: usage.inputTokens,
      cached_input_tokens: usage.cachedInputTokens,
      output_tokens: usage.outputTokens,
      reasoning_output_tokens: usage.reasoningOutputTokens,
    };
    const highest = (column: keyof typeof figures) =>
      sql<number>`max(${sql.ref(`usage.${column}`)}, ${sql.ref(`excluded.${column}`)})`;
    const { queries } = this.#connection;
    const owned = queries
      .selectFrom("jobs")
      .select((from) => [
        "id as job_id",
        from.val(meter).as("meter"),
        ...Object.entries(figures).map(([column, figure]) => from.val(figure).as(column)),
      ])
      .where("id", "=", jobId)
      .where("lease_epoch", "=", epoch);
    this.#connection.run(
      queries
        .insertInto("usage")
        .columns(["job_id", "meter", ...(Object.keys(figures) as (keyof typeof figures)[])])
        .expression(owned)
        .onConflict((conflict) =>
          conflict.columns(["job_id", "meter"]).doUpdateSet({
            input_tokens: highest("input_tokens"),
            cached_input_tokens: highest("cached_input_tokens"),
            output_tokens: highest("output_tokens"),
            reasoning_output_tokens: highest("reasoning_output_tokens"),
          }),
        ),
    );
  }

  getUsage(jobId: string): TokenUsage {
    const row = this.#connection.get(
      this.#connection.queries
        .selectFrom("usage")
        .select(({ fn }) => [
          fn.sum<number | null>("input_tokens").as("input"),
          fn.sum<number | null>("cached_input_tokens").as("cached"),
          fn.sum<number | null>("output_tokens").as("output"),
          fn.sum<number | null>("reasoning_output_tokens").as("reasoning"),
        ])
        .where("job_id", "=", jobId),
    );
    return {
      inputTokens: row?.input ?? 0,
      cachedInputTokens: row?.cached ?? 0,
      outputTokens: row?.output ?? 0,
      reasoningOutputTokens: row?.reasoning ?? 0,
    };
  }

  addNote({ jobId, name, content }: NoteRecord): boolean {
    const values = { job_id: jobId, name, content_json: JSON.stringify(content) };
    const added = this.#connection.run(
      this.#connection.queries
        .insertInto("notes")
        .values(values)
        .onConflict((conflict) => conflict.columns(["job_id", "name"]).doNothing()),
    );
    return added === 1;
  }

  putNote({ jobId, name, content }: NoteRecord): void {
    const content_json = JSON.stringify(content);
    this.#connection.run(
      this.#connection.queries
        .insertInto("notes")
        .values({ job_id: jobId, name, content_json })
        .onConflict((conflict) => conflict.columns(["job_id", "name"]).doUpdateSet({ content_json })),
    );
  }

  getNote(jobId: string, name: string): Json | undefined {
    const query = this.#connection.queries.selectFrom("notes").selectAll();
    const row = this.#connection.get(query.where("job_id", "=", jobId).where("name", "=", name));
    return this.#read(toRows(row), toNote)[0]?.content;
  }

  listNotes(name: string): readonly NoteRecord[] {
    const query = this.#connection.queries.selectFrom("notes").selectAll();
    return this.#read(this.#connection.all(query.where("name", "=", name).orderBy("job_id")), toNote);
  }

  onForeignCommit(listener: () => void): () => void {
    return this.#changes?.subscribe(listener) ?? (() => {});
  }

  close(): void {
    this.#changes?.close();
    this.#connection.close();
  }

  #read<Row, Entry>(rows: readonly Row[], toRecord: (row: Row) => Entry): Entry[] {
    return this.#connection.read(rows, toRecord);
  }

  /** An activity that is still wanted, as the owner with that epoch may change it. */
  #scheduledActivity(effectId: string, epoch: number) {
    const { queries } = this.#connection;
    const owned = sql<SqlBool>`exists (select 1 from jobs where id = activities.job_id and lease_epoch = ${epoch})`;
    return queries
      .updateTable("activities")
      .where(activityOfEffect({ effectId, ...madeOf(effectId) }))
      .where("status", "=", "scheduled")
      .where(owned);
  }
}

const ROOT_ACTOR = "job";

/** Ids that no effect can have find nothing. */
function madeOf(effectId: string): { readonly jobId: string | null; readonly seq: number | null } {
  return parseEffectId(effectId) ?? { jobId: null, seq: null };
}

function toRows<Row>(row: Row | undefined): Row[] {
  return row ? [row] : [];
}
