/** Rows of the tables as the store's records. */

import type { Selectable } from "kysely";
import type { ErrorData } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type {
  ActivityRecord,
  ActivityStatus,
  ActorRecord,
  ActorStatus,
  ArtifactRecord,
  HistoryRecord,
  JobRecord,
  JobStatus,
  Lease,
  NoteRecord,
  Owner,
  SignalRecord,
  TimerRecord,
} from "../store.ts";
import type { Schema } from "./schema.ts";

type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;

/** A job's row with what its history says. See `selectJobs`. */
export interface JobRow extends Row<"jobs"> {
  readonly last_seq: number | null;
  readonly last_at: number | null;
}

export function toJob(row: JobRow): JobRecord {
  return {
    id: row.id,
    workflow: row.workflow,
    version: row.version,
    definitionHash: row.definition_hash,
    status: row.status as JobStatus,
    closed: row.closed === 1,
    input: parse(row.input_json),
    output: parseOrNull(row.output_json),
    error: parseOrNull<ErrorData>(row.error_json),
    labels: parse(row.labels_json),
    createdAt: row.created_at,
    updatedAt: Math.max(row.updated_at, row.last_at ?? 0),
    nextSeq: (row.last_seq ?? 0) + 1,
    lease: toLease(row),
  };
}

export function toLease(row: Pick<Row<"jobs">, "lease_owner_json" | "lease_epoch" | "lease_expires_at">): Lease | null {
  if (row.lease_owner_json === null) return null;
  return {
    owner: parse<Owner>(row.lease_owner_json),
    epoch: row.lease_epoch,
    expiresAt: row.lease_expires_at ?? 0,
  };
}

export function toActor(row: Row<"actors">): ActorRecord {
  return {
    jobId: row.job_id,
    id: row.id,
    workflow: row.workflow,
    version: row.version,
    definitionHash: row.definition_hash,
    status: row.status as ActorStatus,
    snapshot: row.snapshot_json,
    updatedSeq: row.updated_seq,
  };
}

export function toActivity(row: Row<"activities">): ActivityRecord {
  return {
    effectId: row.effect_id,
    jobId: row.job_id,
    actorId: row.actor_id,
    invokeId: row.invoke_id,
    name: row.name,
    input: parse(row.input_json),
    status: row.status as ActivityStatus,
    attempt: row.attempt,
    failures: row.failures,
    scheduledAt: row.scheduled_at,
    dueAt: row.due_at,
    heartbeat: parseOrNull(row.heartbeat_json),
    heartbeatAt: row.heartbeat_at,
    finishedAt: row.finished_at,
    error: parseOrNull<ErrorData>(row.error_json),
  };
}

export function toTimer(row: Row<"timers">): TimerRecord {
  return {
    jobId: row.job_id,
    actorId: row.actor_id,
    sendId: row.send_id,
    event: parse(row.event_json),
    fireAt: row.fire_at,
  };
}

export function toSignal(row: Row<"signals">): SignalRecord {
  return {
    jobId: row.job_id,
    id: row.id,
    actorId: row.actor_id,
    event: parse(row.event_json),
    external: row.external === 1,
    createdAt: row.created_at,
  };
}

export function toHistory(row: Row<"history">): HistoryRecord {
  return {
    jobId: row.job_id,
    seq: row.seq,
    actorId: row.actor_id,
    event: parse(row.event_json),
    state: parse(row.state_json),
    snapshotHash: row.snapshot_hash,
    effects: parse(row.effects_json),
    at: row.at,
  };
}

export function toArtifact(row: Pick<Row<"artifacts">, "name" | "seq" | "content_json">): ArtifactRecord {
  return { name: row.name, seq: row.seq, content: parse(row.content_json) };
}

export function toNote(row: Row<"notes">): NoteRecord {
  return { jobId: row.job_id, name: row.name, content: parse(row.content_json) };
}

export function parse<T = Json>(text: string): T {
  return JSON.parse(text) as T;
}

function parseOrNull<T = Json>(text: string | null): T | null {
  return text === null ? null : parse<T>(text);
}
