/**
 * What the engine needs of a database. Every method is one atomic step; writes that belong to a running job carry the
 * epoch of its lease and are refused when another owner has taken the job over.
 *
 * The methods are synchronous: the embedded database is, and an `await` would only add moments at which something else
 * may happen between a decision and its commit.
 */

import type { ErrorData } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { Reads } from "./reads.ts";

export type JobStatus = "running" | "waiting" | "paused" | "done" | "failed" | "cancelled";

export interface JobRecord {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  /** Hash of the machine's definition when the job began. */
  readonly definitionHash: string;
  readonly status: JobStatus;
  readonly input: Json;
  readonly output: Json | null;
  readonly error: ErrorData | null;
  /** Short facts for lists: what the job is about, where. */
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Whether the machine has come to its end: no signal can change such a job any more. */
  readonly closed: boolean;
  /** Number that the next entry of the job's history gets; the first is 1. */
  readonly nextSeq: number;
  readonly lease: Lease | null;
}

/** Who runs a job. A process is told from a later one with the same id by its start time and the host's boot id. */
export interface Owner {
  readonly host: string;
  readonly bootId: string;
  readonly pid: number;
  /** As the operating system gives it; compared, never computed with. */
  readonly processStart: string;
}

export interface Lease {
  readonly owner: Owner;
  readonly epoch: number;
  readonly expiresAt: number;
}

export type ActorStatus = "active" | "done" | "error" | "stopped";

/** An actor: the job's root machine or a child machine. Each has its own row. */
export interface ActorRecord {
  readonly jobId: string;
  /** `job` for the root, `job/parser` for its child `parser`, and so on down. */
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly definitionHash: string;
  readonly status: ActorStatus;
  /** JSON text of the persisted snapshot; null until the actor's first transition. */
  readonly snapshot: string | null;
  readonly updatedSeq: number;
}

export type ActivityStatus = "scheduled" | "completed" | "failed" | "cancelled";

export interface ActivityRecord {
  readonly effectId: string;
  readonly jobId: string;
  readonly actorId: string;
  /** The id that the machine knows the activity by. */
  readonly invokeId: string;
  readonly name: string;
  readonly input: Json;
  readonly status: ActivityStatus;
  readonly attempt: number;
  /** How many attempts ended in an error: what the retry policy counts. A crash of the orchestrator is none. */
  readonly failures: number;
  readonly scheduledAt: number;
  /** The next attempt starts at this time or later. */
  readonly dueAt: number;
  readonly heartbeat: Json | null;
  readonly heartbeatAt: number | null;
  readonly finishedAt: number | null;
  readonly error: ErrorData | null;
}

export interface TimerRecord {
  readonly jobId: string;
  readonly actorId: string;
  readonly sendId: string;
  readonly event: Json;
  readonly fireAt: number;
}

/** An event that waits for an actor: from outside (`external`) or from another actor of the job. */
export interface SignalRecord {
  readonly jobId: string;
  readonly id: string;
  readonly actorId: string;
  readonly event: Json;
  readonly external: boolean;
  readonly createdAt: number;
}

export interface HistoryRecord {
  readonly jobId: string;
  readonly seq: number;
  readonly actorId: string;
  readonly event: Json;
  /** The actor's state value after the event. */
  readonly state: Json;
  /** Hash of the actor's snapshot after the event. */
  readonly snapshotHash: string;
  readonly effects: readonly Json[];
  readonly at: number;
}

export interface ArtifactRecord {
  readonly name: string;
  readonly seq: number;
  readonly content: Json;
}

/** What made a transition happen: it is used up in the same transaction. */
export type StepCause =
  | {
      readonly type: "activity";
      readonly effectId: string;
      readonly invokeId: string;
      readonly attempt: number;
      readonly error: ErrorData | null;
    }
  | { readonly type: "timer"; readonly sendId: string }
  | { readonly type: "signal"; readonly id: string };

/** What a transition writes beside its snapshot, in order. */
export type StepWrite =
  | {
      readonly type: "activity";
      /** As `effectId` makes it of the job, the step's number and a number of its own in the step. */
      readonly effectId: string;
      readonly invokeId: string;
      readonly name: string;
      readonly input: Json;
    }
  | {
      readonly type: "actor";
      readonly actorId: string;
      readonly workflow: string;
      readonly version: number;
      readonly definitionHash: string;
    }
  | { readonly type: "signal"; readonly id: string; readonly actorId: string; readonly event: Json }
  | { readonly type: "timer"; readonly sendId: string; readonly event: Json; readonly fireAt: number }
  | { readonly type: "cancel-timer"; readonly sendId: string }
  /** Ends the activity or the child with this invoke id, and all that the child has. */
  | { readonly type: "stop"; readonly invokeId: string; readonly childId: string }
  /** The actor itself has ended: whatever it still has running or waiting is ended with it. */
  | { readonly type: "stop-all" };

/** One transition of one actor, as it is committed. */
export interface Step {
  readonly jobId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly at: number;
  readonly actorId: string;
  readonly event: Json;
  readonly cause: StepCause;
  readonly actorStatus: ActorStatus;
  readonly snapshot: string;
  readonly snapshotHash: string;
  readonly state: Json;
  readonly effects: readonly Json[];
  readonly writes: readonly StepWrite[];
  readonly artifacts: readonly { readonly name: string; readonly content: Json }[];
  /** Set when the transition changes what is said of the job as a whole. */
  readonly job: {
    readonly status: JobStatus;
    readonly closed: boolean;
    readonly output: Json | null;
    readonly error: ErrorData | null;
  } | null;
}

/**
 * `committed`; `lease-lost`: another owner has the job, or its history has moved on; `late`: what caused the step is no
 * longer waited for (an earlier attempt's result, a cancelled timer). Nothing was written unless `committed`.
 */
export type StepOutcome = "committed" | "lease-lost" | "late";

export type Outcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: unknown };

export type LeaseOutcome =
  | { readonly acquired: true; readonly epoch: number }
  | { readonly acquired: false; readonly heldBy: Lease };

export type SignalOutcome = "added" | "known" | "no-job" | "job-closed";

export interface NewJob {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly definitionHash: string;
  readonly input: Json;
  readonly labels: Readonly<Record<string, string>>;
  readonly now: number;
}

/** A job with a past: all that is known of it, as it stands when it is inserted. Nobody has it. */
export interface WholeJob {
  readonly job: Omit<JobRecord, "lease">;
  readonly actors: readonly ActorRecord[];
  readonly history: readonly HistoryRecord[];
  readonly activities: readonly ActivityRecord[];
  readonly timers: readonly TimerRecord[];
  /** Those that wait, in the order in which they are to be taken. */
  readonly signals: readonly SignalRecord[];
  readonly artifacts: readonly ArtifactRecord[];
}

/** Something that is kept about a job beside its history, by whoever tells others of it. No promise hangs on it. */
export interface NoteRecord {
  /** Empty for what belongs to no job. */
  readonly jobId: string;
  readonly name: string;
  readonly content: Json;
}

export interface Store {
  /** For those who look at jobs. */
  readonly reads: Reads;

  /** Makes the job, its root actor and the event that starts it. False if a job of that id exists. */
  createJob(job: NewJob): boolean;
  /** Puts a job with all its rows in its place, or nothing of it. False if a job of that id exists. */
  insertJob(whole: WholeJob): boolean;
  /** Removes a closed job with all its rows. False if there is none of that id, or if it is not closed. */
  deleteJob(jobId: string): boolean;
  /** Gives back the disk space of what was deleted. It rewrites the file: not for often. */
  compact(): void;
  getJob(jobId: string): JobRecord | undefined;
  /** Newest first. */
  listJobs(params: { readonly limit: number; readonly offset?: number }): readonly JobRecord[];
  /** Those that have not come to their end, oldest first. What was closed costs nothing. */
  listOpenJobs(): readonly JobRecord[];

  /** Takes the job unless another owner holds it whom `isGone` does not declare dead and whose lease has not run out. */
  acquireLease(params: {
    readonly jobId: string;
    readonly owner: Owner;
    readonly now: number;
    readonly ttlMs: number;
    readonly isGone: (owner: Owner) => boolean;
  }): LeaseOutcome;
  /** False if the lease is no longer held under that epoch. */
  renewLease(params: { readonly jobId: string; readonly epoch: number; readonly expiresAt: number }): boolean;
  releaseLease(params: { readonly jobId: string; readonly epoch: number }): void;

  /** Commits several jobs' steps in one transaction; each step is taken or refused by itself. */
  commit(steps: readonly Step[]): readonly StepOutcome[];
  /** Does several things with the store in one transaction, each of which is done whole, or fails by itself. */
  together<Result>(acts: readonly (() => Result)[]): readonly Outcome<Result>[];

  /** Notes that a further attempt begins. False if the activity is no longer wanted or the lease is lost. */
  beginAttempt(params: { readonly effectId: string; readonly epoch: number; readonly attempt: number }): boolean;
  /** Notes how an attempt ended and when the next may start. False as above. */
  scheduleRetry(params: {
    readonly effectId: string;
    readonly epoch: number;
    readonly attempt: number;
    readonly dueAt: number;
    readonly error: ErrorData;
    /** False for a limit that is only waited for: it does not count towards the activity's failures. */
    readonly isFailure: boolean;
  }): boolean;
  /** False if the attempt is no longer the current one or the lease is lost. */
  heartbeat(params: {
    readonly effectId: string;
    readonly epoch: number;
    readonly attempt: number;
    readonly details: Json;
    readonly now: number;
  }): boolean;

  /** Keeps an event for an actor; an id that is known is not added again. */
  addSignal(params: {
    readonly jobId: string;
    readonly id: string;
    readonly actorId: string;
    readonly event: Json;
    readonly now: number;
  }): SignalOutcome;

  getActor(jobId: string, actorId: string): ActorRecord | undefined;
  listActors(jobId: string): readonly ActorRecord[];
  /** Each workflow that an active actor of the job is of, once. */
  listActiveWorkflows(jobId: string): readonly Pick<ActorRecord, "workflow" | "version" | "definitionHash">[];
  getActivity(effectId: string): ActivityRecord | undefined;
  /** In the order in which they were scheduled. */
  listActivities(jobId: string, params?: { readonly status?: ActivityStatus }): readonly ActivityRecord[];
  listTimers(jobId: string): readonly TimerRecord[];
  /** The jobs for which a signal from outside waits. One that comes later has a higher number than each before it. */
  listSignalledJobs(): readonly { readonly jobId: string; readonly newest: number }[];
  /** In the order in which they came. */
  listPendingSignals(jobId: string): readonly SignalRecord[];
  /** Entries with `after < seq`, oldest first. */
  listHistory(jobId: string, params?: { readonly after?: number; readonly limit?: number }): readonly HistoryRecord[];
  /** All that were kept, oldest first. */
  listArtifacts(jobId: string): readonly ArtifactRecord[];
  /** The newest of that name. */
  getArtifact(jobId: string, name: string): ArtifactRecord | undefined;
  /** Keeps the highest figures that each meter has shown. Nothing is written if the lease is lost. */
  recordUsage(params: {
    readonly jobId: string;
    readonly epoch: number;
    readonly meter: string;
    readonly usage: TokenUsage;
  }): void;
  /** The sum of the job's meters. */
  getUsage(jobId: string): TokenUsage;

  /** False, and nothing is changed, if there is one of that name already: of several processes one has added it. */
  addNote(note: NoteRecord): boolean;
  /** Adds it, or puts it in the place of the one that there is. */
  putNote(note: NoteRecord): void;
  getNote(jobId: string, name: string): Json | undefined;
  /** Those of that name, by job. */
  listNotes(name: string): readonly NoteRecord[];

  /** Calls back, soon, after another process has committed something. Returns what ends it. */
  onForeignCommit(listener: () => void): () => void;
  close(): void;
}
