/** The hot path: what one committed transition writes. Every statement is compiled once. */

import { type SqlBool, sql } from "kysely";
import type { Step, StepCause, StepOutcome, StepWrite } from "../store.ts";
import { type Connection, param } from "./connection.ts";

export class StepWriter {
  readonly #connection: Connection;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#statements = prepareStatements(connection);
  }

  /** Writes the steps in one transaction; each is written whole, or nothing of it. */
  write(steps: readonly Step[]): StepOutcome[] {
    try {
      return this.#connection.write(() => steps.map((step) => this.#write(step)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    // That is rare. Only now is each to be undone by itself.
    return this.#connection.write(() => steps.map((step) => this.#writeOrUndo(step)));
  }

  #writeOrUndo(step: Step): StepOutcome {
    try {
      return this.#connection.savepoint(() => this.#write(step));
    } catch (error) {
      if (error instanceof Refusal) return error.outcome;
      throw error;
    }
  }

  #write(step: Step): StepOutcome {
    const { jobId, seq } = step;
    if (!this.#takeTurn(step)) throw new Refusal("lease-lost");
    if (this.#consume(step, step.cause) !== 1) throw new Refusal("late");
    if (step.job) this.#updateJob(step, step.job);
    for (const write of step.writes) this.#apply(step, write);
    for (const { name, content } of step.artifacts) {
      this.#statements.insertArtifact({ jobId, name, seq, content: JSON.stringify(content) });
    }
    return "committed";
  }

  /** Moves the actor and adds the entry. False if the job is another's, or is not at this point of its history. */
  #takeTurn(step: Step): boolean {
    const { jobId, epoch, seq, at, actorId, writes } = step;
    const moved = this.#statements.updateActor({
      jobId,
      actorId,
      epoch,
      before: seq - 1,
      status: step.actorStatus,
      snapshot: step.snapshot,
      seq,
    });
    if (moved !== 1) return false;
    const added = this.#statements.insertHistory({
      jobId,
      seq,
      at,
      actorId,
      activities: writes.reduce((count, { type }) => (type === "activity" ? count + 1 : count), 0),
      hash: step.snapshotHash,
      state: JSON.stringify(step.state),
      event: JSON.stringify(step.event),
      effects: JSON.stringify(step.effects),
    });
    return added === 1;
  }

  #updateJob({ jobId, at }: Step, { status, closed, output, error }: NonNullable<Step["job"]>): void {
    this.#statements.updateJob({
      jobId,
      at,
      status,
      closed: closed ? 1 : 0,
      output: jsonOrNull(output),
      error: jsonOrNull(error),
    });
  }

  /** The number of rows that the cause was: 0 if nobody waits for it any more. */
  #consume({ jobId, actorId, seq, at }: Step, cause: StepCause): number {
    switch (cause.type) {
      case "activity":
        return this.#statements.finishActivity({
          jobId,
          actorId,
          invokeId: cause.invokeId,
          effectId: cause.effectId,
          attempt: cause.attempt,
          status: cause.error ? "failed" : "completed",
          error: jsonOrNull(cause.error),
          at,
        });
      case "timer":
        return this.#statements.deleteTimer({ jobId, actorId, sendId: cause.sendId });
      case "signal":
        return this.#statements.deliverSignal({ jobId, id: cause.id, seq });
    }
  }

  #apply(step: Step, write: StepWrite): void {
    const { jobId, actorId, seq, at } = step;
    switch (write.type) {
      case "activity":
        this.#statements.insertActivity({
          effectId: write.effectId,
          jobId,
          actorId,
          invokeId: write.invokeId,
          name: write.name,
          input: JSON.stringify(write.input ?? null),
          at,
        });
        return;
      case "actor":
        this.#statements.insertActor({
          jobId,
          id: write.actorId,
          workflow: write.workflow,
          version: write.version,
          hash: write.definitionHash,
          seq,
        });
        return;
      case "signal":
        this.#statements.insertSignal({
          jobId,
          id: write.id,
          actorId: write.actorId,
          event: JSON.stringify(write.event),
          at,
        });
        return;
      case "timer":
        this.#statements.insertTimer({
          jobId,
          actorId,
          sendId: write.sendId,
          event: JSON.stringify(write.event),
          fireAt: write.fireAt,
        });
        return;
      case "cancel-timer":
        this.#statements.deleteTimer({ jobId, actorId, sendId: write.sendId });
        return;
      case "stop":
        // Mostly it is what has just ended. To look is cheaper than to change nothing.
        if (!this.#statements.isStoppable({ jobId, actorId, ...write })) return;
        this.#statements.cancelActivity({ jobId, actorId, invokeId: write.invokeId, at });
        this.#stopTree(step, write.childId);
        return;
      case "stop-all":
        this.#statements.cancelActivitiesOf({ jobId, actorId, at });
        this.#statements.deleteTimersOf({ jobId, actorId });
        this.#statements.dropSignalsOf({ jobId, actorId, seq });
        this.#stopChildren(step, actorId);
        return;
    }
  }

  #stopTree(step: Step, actorId: string): void {
    const { jobId, seq, at } = step;
    if (this.#statements.stopActor({ jobId, actorId, seq }) === 0) return;
    this.#statements.cancelActivitiesOf({ jobId, actorId, at });
    this.#statements.deleteTimersOf({ jobId, actorId });
    this.#statements.dropSignalsOf({ jobId, actorId, seq });
    this.#stopChildren(step, actorId);
  }

  #stopChildren({ jobId, seq, at }: Step, actorId: string): void {
    const range = { jobId, seq, at, ...descendants(actorId) };
    if (this.#statements.stopActorsIn(range) === 0) return;
    this.#statements.cancelActivitiesIn(range);
    this.#statements.deleteTimersIn(range);
    this.#statements.dropSignalsIn(range);
  }
}

class Refusal extends Error {
  readonly outcome: StepOutcome;

  constructor(outcome: StepOutcome) {
    super(outcome);
    this.outcome = outcome;
  }
}

/** Every id below `actorId` lies between these two: "/" comes right before "0". */
function descendants(actorId: string): { readonly from: string; readonly to: string } {
  return { from: `${actorId}/`, to: `${actorId}0` };
}

function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function prepareStatements(connection: Connection) {
  const { queries } = connection;
  const scheduled = () =>
    queries
      .updateTable("activities")
      .set({ status: "cancelled", finished_at: param("at") })
      .where("job_id", "=", param("jobId"))
      // A literal, not a parameter: only then does SQLite use the index of scheduled activities.
      .where("status", "=", sql.lit("scheduled"));
  const timers = () => queries.deleteFrom("timers").where("job_id", "=", param("jobId"));
  const pending = () =>
    queries
      .updateTable("signals")
      .set({ delivered_seq: param("seq") })
      .where("job_id", "=", param("jobId"))
      .where("delivered_seq", "is", null);
  const active = () =>
    queries
      .updateTable("actors")
      .set({ status: "stopped", updated_seq: param("seq") })
      .where("job_id", "=", param("jobId"))
      .where("status", "=", "active");

  // The number that SQLite gives to the next one.
  const firstActivity = sql<number | null>`iif(${param("activities")} > 0,
    (select coalesce(max(number), 0) + 1 from activities), null)`;

  return {
    updateJob: connection.prepare(
      queries
        .updateTable("jobs")
        .set({
          updated_at: param("at"),
          status: param("status"),
          closed: param("closed"),
          output_json: param("output"),
          error_json: param("error"),
        })
        .where("id", "=", param("jobId")),
    ),
    updateActor: connection.prepare(
      queries
        .updateTable("actors")
        .set({ status: param("status"), snapshot_json: param("snapshot"), updated_seq: param("seq") })
        .where("job_id", "=", param("jobId"))
        .where("id", "=", param("actorId"))
        // Asked here, and not before: a statement less.
        .where(
          sql<SqlBool>`exists (select 1 from jobs where id = ${param("jobId")} and lease_epoch = ${param("epoch")})`,
        )
        .where(
          sql<SqlBool>`(${param("before")} = 0
            or exists (select 1 from history where job_id = ${param("jobId")} and seq = ${param("before")}))`,
        ),
    ),
    insertHistory: connection.prepare(
      queries
        .insertInto("history")
        .values({
          job_id: param("jobId"),
          seq: param("seq"),
          at: param("at"),
          actor_id: param("actorId"),
          first_activity: firstActivity,
          activity_count: param("activities"),
          snapshot_hash: param("hash"),
          state_json: param("state"),
          event_json: param("event"),
          effects_json: param("effects"),
        })
        .onConflict((conflict) => conflict.columns(["job_id", "seq"]).doNothing()),
    ),
    insertArtifact: connection.prepare(
      queries.insertInto("artifacts").values({
        job_id: param("jobId"),
        name: param("name"),
        seq: param("seq"),
        content_json: param("content"),
      }),
    ),
    insertActivity: connection.prepare(
      queries.insertInto("activities").values({
        effect_id: param("effectId"),
        job_id: param("jobId"),
        actor_id: param("actorId"),
        invoke_id: param("invokeId"),
        name: param("name"),
        input_json: param("input"),
        status: "scheduled",
        attempt: 1,
        failures: 0,
        scheduled_at: param("at"),
        due_at: param("at"),
      }),
    ),
    finishActivity: connection.prepare(
      queries
        .updateTable("activities")
        .set({ status: param("status"), finished_at: param("at"), error_json: param("error") })
        // By its number: SQLite would put the row aside first where the index that finds it is the one that loses it.
        .where("number", "=", ({ selectFrom }) =>
          selectFrom("activities")
            .select("number")
            .where("job_id", "=", param("jobId"))
            .where("status", "=", sql.lit("scheduled"))
            .where("actor_id", "=", param("actorId"))
            .where("invoke_id", "=", param("invokeId"))
            .where("effect_id", "=", param("effectId"))
            .where("attempt", "=", param("attempt")),
        ),
    ),
    cancelActivity: connection.prepare(
      scheduled().where("actor_id", "=", param("actorId")).where("invoke_id", "=", param("invokeId")),
    ),
    cancelActivitiesOf: connection.prepare(scheduled().where("actor_id", "=", param("actorId"))),
    cancelActivitiesIn: connection.prepare(
      scheduled().where("actor_id", ">", param("from")).where("actor_id", "<", param("to")),
    ),
    insertTimer: connection.prepare(
      queries
        .insertInto("timers")
        .values({
          job_id: param("jobId"),
          actor_id: param("actorId"),
          send_id: param("sendId"),
          event_json: param("event"),
          fire_at: param("fireAt"),
        })
        .onConflict((conflict) =>
          conflict
            .columns(["job_id", "actor_id", "send_id"])
            .doUpdateSet({ event_json: param("event"), fire_at: param("fireAt") }),
        ),
    ),
    deleteTimer: connection.prepare(
      timers().where("actor_id", "=", param("actorId")).where("send_id", "=", param("sendId")),
    ),
    deleteTimersOf: connection.prepare(timers().where("actor_id", "=", param("actorId"))),
    deleteTimersIn: connection.prepare(
      timers().where("actor_id", ">", param("from")).where("actor_id", "<", param("to")),
    ),
    // An actor that has ended hears nothing more: kept, it would speak to a later actor of the same id.
    insertSignal: connection.prepare(
      queries
        .insertInto("signals")
        .columns(["job_id", "id", "actor_id", "event_json", "external", "created_at"])
        .expression(
          queries
            .selectFrom("actors")
            .select([
              "job_id",
              sql<string>`${param("id")}`.as("id"),
              "id as actor_id",
              sql<string>`${param("event")}`.as("event_json"),
              sql<number>`0`.as("external"),
              sql<number>`${param("at")}`.as("created_at"),
            ])
            .where("job_id", "=", param("jobId"))
            .where("id", "=", param("actorId"))
            .where("status", "=", "active"),
        ),
    ),
    deliverSignal: connection.prepare(pending().where("id", "=", param("id"))),
    dropSignalsOf: connection.prepare(pending().where("actor_id", "=", param("actorId"))),
    dropSignalsIn: connection.prepare(
      pending().where("actor_id", ">", param("from")).where("actor_id", "<", param("to")),
    ),
    // A child that has ended may be started again under its old id: its row then begins anew.
    insertActor: connection.prepare(
      queries
        .insertInto("actors")
        .values({
          job_id: param("jobId"),
          id: param("id"),
          workflow: param("workflow"),
          version: param("version"),
          definition_hash: param("hash"),
          status: "active",
          snapshot_json: null,
          updated_seq: param("seq"),
        })
        .onConflict((conflict) =>
          conflict.columns(["job_id", "id"]).doUpdateSet({
            workflow: param("workflow"),
            version: param("version"),
            definition_hash: param("hash"),
            status: "active",
            snapshot_json: null,
            updated_seq: param("seq"),
          }),
        ),
    ),
    isStoppable: connection.prepareCheck(
      queries
        .selectFrom("activities")
        .select(sql.lit(1).as("found"))
        .where("job_id", "=", param("jobId"))
        .where("status", "=", sql.lit("scheduled"))
        .where("actor_id", "=", param("actorId"))
        .where("invoke_id", "=", param("invokeId"))
        .unionAll(
          queries
            .selectFrom("actors")
            .select(sql.lit(1).as("found"))
            .where("job_id", "=", param("jobId"))
            .where("id", "=", param("childId"))
            .where("status", "=", "active"),
        ),
    ),
    stopActor: connection.prepare(active().where("id", "=", param("actorId"))),
    stopActorsIn: connection.prepare(active().where("id", ">", param("from")).where("id", "<", param("to"))),
  };
}
