/**
 * What those who look at jobs ask of a database beside what the engine does: short facts without the long texts, and only
 * what is new, so that to watch a job costs as much as what happens to it.
 */

import type { ErrorData } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { ActivityStatus, ActorStatus, HistoryRecord, JobRecord } from "./store.ts";

/** An actor without its snapshot. */
export interface ActorFacts {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly status: ActorStatus;
  /** The state value; null before the first transition. */
  readonly state: Json | null;
  readonly updatedSeq: number;
}

/** An activity without its input. */
export interface ActivityFacts {
  /** Rises from one that was scheduled to the next. */
  readonly number: number;
  readonly effectId: string;
  readonly actorId: string;
  readonly invokeId: string;
  readonly name: string;
  readonly status: ActivityStatus;
  readonly attempt: number;
  readonly failures: number;
  readonly scheduledAt: number;
  readonly dueAt: number;
  readonly finishedAt: number | null;
  /** What its last heartbeat said of itself; null for nothing. */
  readonly line: string | null;
  /** The agent's thread that its heartbeat names. */
  readonly threadId: string | null;
  readonly error: ErrorData | null;
}

export interface MeterUsage extends TokenUsage {
  readonly meter: string;
}

export interface TableDump {
  readonly total: number;
  readonly rows: readonly Readonly<Record<string, Json>>[];
}

export interface Reads {
  /** Newest first; those that were made before that one. */
  listJobsBefore(params: {
    readonly before?: { readonly createdAt: number; readonly id: string } | undefined;
    readonly limit: number;
  }): readonly JobRecord[];
  /** The values that a label has in any job, the most recent first. */
  listLabels(name: string, limit: number): readonly string[];
  /** Those that changed after that entry of the history. */
  listActorFacts(jobId: string, params?: { readonly after?: number }): readonly ActorFacts[];
  /**
   * Those with a greater number, and those with one of these numbers; all of one actor; in order. What it costs depends
   * on how many activities of all jobs have a greater number.
   */
  listActivityFacts(
    jobId: string,
    params?: { readonly after?: number; readonly numbers?: readonly number[]; readonly actorId?: string },
  ): readonly ActivityFacts[];
  /** The number of the newest activity of any job; 0 if there is none. */
  lastActivityNumber(): number;
  /** The input of an actor's newest activity of that name. */
  lastInput(jobId: string, actorId: string, name: string): Json | undefined;
  /** What each meter of the job shows. */
  listUsage(jobId: string): readonly MeterUsage[];
  /** Entries whose event is of one of these types, oldest first. */
  listEventsOf(jobId: string, types: readonly string[]): readonly HistoryRecord[];
  /** The newest rows of each table (or of that one). Who runs a job (lease) is left out. */
  dump(params: { readonly limit: number; readonly table?: string | undefined }): Readonly<Record<string, TableDump>>;
}
