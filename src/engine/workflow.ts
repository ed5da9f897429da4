/** What users give the engine: workflows (machines with a name and a version) and activities (plain functions). */

import type { AnyStateMachine } from "xstate";
import type { Activity } from "../core/activity.ts";

export interface Workflow {
  readonly name: string;
  /** A job stays on the version that it began with. Raise it with every change that alters what a history leads to. */
  readonly version: number;
  readonly machine: AnyStateMachine;
}

export interface RetryPolicy {
  /** Attempts that may end in an error, the first included. An attempt cut short by a crash does not count. */
  readonly maximumAttempts: number;
  readonly initialIntervalMs: number;
  readonly backoffCoefficient: number;
  readonly maximumIntervalMs: number;
  /** Error codes after which trying again is pointless, whatever the error itself says. */
  readonly nonRetryableCodes?: readonly string[];
}

export interface ActivityDefinition {
  // The engine hands over JSON that the workflow made; only the pair of workflow and activity knows its shape.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly run: Activity<any, unknown>;
  /**
   * Called instead of a further attempt when the process of the last one died and nobody wants the result any more (a
   * cancel came in between): ends what was left running. It must hold for an attempt that never began, too.
   */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly cleanUp?: Activity<any, void>;
  /** Default: one attempt. */
  readonly retry?: RetryPolicy;
  /** An attempt that takes longer is aborted and counts as failed. Default: no limit. */
  readonly startToCloseMs?: number;
  /** An attempt that does not heartbeat for this long is aborted and counts as failed. Default: no limit. */
  readonly heartbeatTimeoutMs?: number;
}

export const noRetry: RetryPolicy = {
  maximumAttempts: 1,
  initialIntervalMs: 0,
  backoffCoefficient: 1,
  maximumIntervalMs: 0,
};

/** Tags of states that say what a job as a whole is: a machine that has ended without one of the last two is `done`. */
export const STATUS_TAGS = ["waiting", "failed", "cancelled"] as const;

/** Marks actor logic in a machine's `setup` as the declaration of an activity: a name and types, nothing to run. */
export const ACTIVITY_DECLARATION = Symbol.for("orch.activity");
