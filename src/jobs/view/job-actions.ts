/** What a user can do with a job now, and for each thing that cannot be done, why not. */

import { OrchError, UsageError } from "../../core/errors.ts";
import type { ErrorView } from "../../core/protocol/common.ts";
import type { ActionName, ActionView } from "../../core/protocol/jobs.ts";
import type { JobRecord } from "../../store/store.ts";
import { approval, cancellation, continuing, pausing, rejection, retry, skipping, type ToldJob } from "../job-words.ts";
import { isCodingJob } from "../jobs.ts";

/** @param isCoding others take only what is the engine's own; their words are sent as events */
export function actionsOf(job: ToldJob, seq: number, isCoding: boolean): ActionView[] {
  const failed = job.subtasks.filter(({ status }) => status === "failed").map(({ id }) => id);
  const view = (action: ActionName, look: () => unknown, subtaskIds: readonly string[] = []): ActionView => {
    const reason = reasonAgainst(isCoding || ENGINES.has(action) ? look : () => refuseUnlessCoding(job.id, action));
    return { action, isPossible: reason === null, reason, subtaskIds: reason ? [] : [...subtaskIds] };
  };
  return [
    view("approve", () => approval(job)),
    view("reject", () => rejection(job, "")),
    view("retry", () => retry(job, undefined), failed),
    view("skip", () => skipOne(job, failed), failed),
    view("resume", () => refuseUnlessResumable(job)),
    view("continue", () => continuing(job)),
    view("pause", () => pausing(job)),
    view("cancel", () => cancellation(job)),
    view("fork", () => refuseWithoutHistory(job, seq)),
  ];
}

const ENGINES: ReadonlySet<ActionName> = new Set(["resume", "continue", "pause", "cancel"]);

/** @throws UsageError `not-a-coding-job` */
export function refuseIfForeign(job: Pick<JobRecord, "id" | "workflow">, action: ActionName): void {
  if (!ENGINES.has(action) && !isCodingJob(job)) refuseUnlessCoding(job.id, action);
}

function refuseUnlessCoding(jobId: string, action: ActionName): never {
  throw new UsageError(`job ${jobId} is no coding job: it cannot be told to ${action}`, {
    code: "not-a-coding-job",
    hint: `tell it an event of its own: orch signal ${jobId} <event>; the inspector shows where it stands`,
  });
}

/** @throws UsageError `not-now` */
export function refuseUnlessResumable(job: ToldJob): void {
  const { id, state, runBy, pending } = job;
  if (runBy) throw notNow(`process ${runBy.pid} on ${runBy.host} runs job ${id} already`, "look on, or pause it");
  if (state === "interrupted" || state === "waiting" || pending.length > 0) return;
  throw notNow(`job ${id} is ${state}: it has nothing to go on with`, HINTS[state] ?? "start another job");
}

const HINTS: Readonly<Record<string, string>> = {
  paused: "continue it",
  failed: "retry it, or go on without what failed",
};

function skipOne(job: ToldJob, failed: readonly string[]): void {
  const [first] = failed;
  if (first !== undefined) skipping(job, first);
  else if (job.state === "failed") throw notNow(`no subtask of job ${job.id} failed`, "retry the job");
  else skipping(job, "");
}

function refuseWithoutHistory({ id }: ToldJob, seq: number): void {
  if (seq < 1) throw notNow(`job ${id} has no history yet`, "wait until it has begun");
}

function reasonAgainst(look: () => unknown): ErrorView | null {
  try {
    look();
    return null;
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    return { message: error.message, code: error.code, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

function notNow(message: string, hint: string): UsageError {
  return new UsageError(message, { code: "not-now", hint });
}
