/** What a dispatcher tells its reporters: also the lines of `orch dispatch --json`. */

import type { JobEvent } from "../core/protocol.ts";
import type { JobStatus } from "../store/store.ts";

type Finished = Extract<JobEvent, { type: "job.finished" }>;

export interface EventError {
  readonly message: string;
  readonly code?: string;
  /** What to do next. */
  readonly hint?: string;
}

/** What a source has to say beside its tasks. */
export type SourceEvent =
  /** Something came that is not for us, such as a stranger's message. */
  | { readonly type: "source.ignored"; readonly source: string; readonly reason: string }
  /** Something does not work now, and is tried again. */
  | { readonly type: "source.trouble"; readonly source: string; readonly error: EventError }
  | { readonly type: "source.ready"; readonly source: string; readonly note: string };

export type DispatchEvent =
  | JobEvent
  | SourceEvent
  | {
      readonly type: "dispatcher.started";
      readonly repository: string;
      readonly sources: readonly string[];
      readonly concurrency: number;
      readonly pid: number;
    }
  /** Jobs of these sources that a dispatcher left, and that this one was not told to go on with. */
  | { readonly type: "dispatcher.left"; readonly jobIds: readonly string[] }
  | ({ readonly type: "dispatcher.stopped"; readonly reason: "done" | "stopped" | "failed" } & DispatchCounts)
  /** It is a job now. `task`: as it is stored; `isRedacted`: what looked like a secret was taken out of it. */
  | {
      readonly type: "task.taken";
      readonly source: string;
      readonly jobId: string;
      readonly task: string;
      readonly isRedacted: boolean;
    }
  /** Its job exists already: it is not made again. */
  | { readonly type: "task.known"; readonly source: string; readonly jobId: string; readonly status: JobStatus }
  | { readonly type: "task.refused"; readonly source: string; readonly jobId: string; readonly error: EventError }
  /** `turn`: others are worked on; `word`: it waits for a person; `owner`: another orchestrator that lives has it. */
  | {
      readonly type: "task.waiting";
      readonly source: string;
      readonly jobId: string;
      readonly for: "turn" | "word" | "owner";
    }
  /** Another orchestrator that has it has got further. */
  | { readonly type: "task.moved"; readonly source: string; readonly jobId: string }
  /** The work on it broke off: the job can be gone on with. */
  | { readonly type: "task.broke-off"; readonly source: string; readonly jobId: string; readonly error: EventError }
  /** The job has settled, whoever ran it. */
  | ({ readonly type: "task.finished"; readonly source: string } & Omit<Finished, "type">)
  /** A reporter threw. */
  | { readonly type: "reporter.trouble"; readonly reporter: string; readonly error: EventError };

export interface DispatchCounts {
  /** Tasks whose jobs are done. */
  readonly done: number;
  /** Tasks whose jobs failed, broke off, or were cancelled or paused. */
  readonly failed: number;
  readonly refused: number;
}
