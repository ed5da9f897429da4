/** The contract between the engine and a service: a plain async function of its input and this context. */

import type { Json } from "./json.ts";
import type { Logger } from "./log.ts";
import type { TokenUsage } from "./usage.ts";

/** Why a running activity is asked to stop; the `reason` of its signal is an `ActivityAborted` that carries it. */
export type AbortReason =
  /** The machine no longer wants the result: clean up, end what was started. */
  | "cancelled"
  /** The orchestrator is stopping: end what was started, keep what lets a later attempt go on. */
  | "shutdown"
  /** The attempt took longer than its start-to-close or heartbeat time-out. */
  | "timeout"
  /** Another orchestrator owns the job now: stop touching anything. */
  | "lease-lost";

export class ActivityAborted extends Error {
  override readonly name = "ActivityAborted";
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(`the activity was stopped: ${reason}`);
    this.reason = reason;
  }
}

export interface ActivityContext {
  readonly jobId: string;
  /** `job:history number:index`. It is the same in every attempt: whatever is done outside carries it. */
  readonly effectId: string;
  /** Which of its machine's invocations it is, as the machine names it. */
  readonly invokeId: string;
  /** 1 for the first attempt. An attempt that goes on after a crash has the next number. */
  readonly attempt: number;
  /** When the effect was committed, in milliseconds since the epoch: the same in every attempt, so commits made from it are too. */
  readonly scheduledAt: number;
  /** The details of the last heartbeat of an earlier attempt. */
  readonly lastHeartbeat: Json | undefined;
  /** Aborted with an `ActivityAborted` when the activity must stop. */
  readonly signal: AbortSignal;
  /**
   * False once another orchestrator has the job. It looks, where the signal waits to be told: who was stopped itself for
   * longer than its lease lasts (SIGSTOP, a laptop asleep) hears of it last. Asked right before each act outside.
   */
  holdsJob(): boolean;
  readonly log: Logger;
  /**
   * `text` without the secrets that orch knows of. What an activity returns, throws, heartbeats or keeps is redacted by
   * the engine anyway: this is for what it writes elsewhere (a commit message, a file), and for what it is about to cut.
   */
  redact(text: string): string;
  /** Says that the attempt is alive, and what a next attempt needs to go on. Written at most once a second. */
  heartbeat(details: Json): void;
  /** As `heartbeat`, but on disk when it resolves: for what must not be lost, such as a thread's id. */
  checkpoint(details: Json): Promise<void>;
  /**
   * Notes what a meter (a Codex thread, a planner run) shows. Meters only rise: the highest figures are kept. On disk
   * when the attempt has ended, or before.
   */
  recordUsage(meter: string, usage: TokenUsage): void;
  /** Keeps a JSON document beside the history; it is committed together with the activity's result. */
  putArtifact(name: string, content: Json): void;
  /** The newest document of that name in this job, or undefined. */
  getArtifact(name: string): Json | undefined;
}

/** Throws an `ActivityAborted` if the activity must stop. */
export function throwIfStopped({ signal, holdsJob }: Pick<ActivityContext, "signal" | "holdsJob">): void {
  signal.throwIfAborted();
  if (!holdsJob()) throw new ActivityAborted("lease-lost");
}

export type Activity<Input = never, Output = unknown> = (input: Input, context: ActivityContext) => Promise<Output>;
