/** Writes a job that has a past already: all of its rows, in one transaction that the caller holds. */

import { parseEffectId } from "../../core/ids.ts";
import type { ActivityRecord, WholeJob } from "../store.ts";
import type { Connection } from "./connection.ts";

/**
 * False, and nothing written, if a job of that id exists.
 *
 * @throws Error for an activity that no entry of the history scheduled: it would not be found again
 */
export function insertJob(connection: Connection, whole: WholeJob): boolean {
  const { id } = whole.job;
  const { queries } = connection;
  if (!insertJobRow(connection, whole.job)) return false;
  for (const { id: actorId, workflow, version, definitionHash, status, snapshot, updatedSeq } of whole.actors) {
    connection.run(
      queries.insertInto("actors").values({
        job_id: id,
        id: actorId,
        workflow,
        version,
        definition_hash: definitionHash,
        status,
        snapshot_json: snapshot,
        updated_seq: updatedSeq,
      }),
    );
  }
  const scheduledBy = Map.groupBy(whole.activities, ({ effectId }) => parseEffectId(effectId)?.seq);
  for (const seq of scheduledBy.keys()) {
    if (!whole.history.some((entry) => entry.seq === seq)) throw new Error(`no entry ${seq} scheduled an activity`);
  }
  for (const { seq, actorId, event, state, snapshotHash, effects, at } of whole.history) {
    const activities = scheduledBy.get(seq) ?? [];
    const numbers = activities.map((activity) => insertActivity(connection, activity));
    connection.run(
      queries.insertInto("history").values({
        job_id: id,
        seq,
        at,
        actor_id: actorId,
        first_activity: numbers[0] ?? null,
        activity_count: numbers.length,
        snapshot_hash: snapshotHash,
        state_json: JSON.stringify(state),
        event_json: JSON.stringify(event),
        effects_json: JSON.stringify(effects),
      }),
    );
  }
  insertWork(connection, whole);
  for (const { name, seq, content } of whole.artifacts) {
    connection.run(
      queries.insertInto("artifacts").values({ job_id: id, name, seq, content_json: JSON.stringify(content) }),
    );
  }
  return true;
}

function insertJobRow(connection: Connection, job: WholeJob["job"]): boolean {
  const added = connection.run(
    connection.queries
      .insertInto("jobs")
      .values({
        id: job.id,
        workflow: job.workflow,
        version: job.version,
        definition_hash: job.definitionHash,
        status: job.status,
        closed: job.closed ? 1 : 0,
        input_json: JSON.stringify(job.input),
        output_json: jsonOrNull(job.output),
        error_json: jsonOrNull(job.error),
        labels_json: JSON.stringify(job.labels),
        created_at: job.createdAt,
        updated_at: job.updatedAt,
        lease_epoch: 0,
      })
      .onConflict((conflict) => conflict.column("id").doNothing()),
  );
  return added === 1;
}

/** The number that it got. */
function insertActivity(connection: Connection, activity: ActivityRecord): number {
  return connection.insert(
    connection.queries.insertInto("activities").values({
      effect_id: activity.effectId,
      job_id: activity.jobId,
      actor_id: activity.actorId,
      invoke_id: activity.invokeId,
      name: activity.name,
      input_json: JSON.stringify(activity.input ?? null),
      status: activity.status,
      attempt: activity.attempt,
      failures: activity.failures,
      scheduled_at: activity.scheduledAt,
      due_at: activity.dueAt,
      heartbeat_json: jsonOrNull(activity.heartbeat),
      heartbeat_at: activity.heartbeatAt,
      finished_at: activity.finishedAt,
      error_json: jsonOrNull(activity.error),
    }),
  );
}

/** What the job waits for beside its activities. */
function insertWork(connection: Connection, { job: { id }, timers, signals }: WholeJob): void {
  const { queries } = connection;
  for (const { actorId, sendId, event, fireAt } of timers) {
    connection.run(
      queries.insertInto("timers").values({
        job_id: id,
        actor_id: actorId,
        send_id: sendId,
        event_json: JSON.stringify(event),
        fire_at: fireAt,
      }),
    );
  }
  for (const { id: signalId, actorId, event, external, createdAt } of signals) {
    connection.run(
      queries.insertInto("signals").values({
        job_id: id,
        id: signalId,
        actor_id: actorId,
        event_json: JSON.stringify(event),
        external: external ? 1 : 0,
        created_at: createdAt,
      }),
    );
  }
}

function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
