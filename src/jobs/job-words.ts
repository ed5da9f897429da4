/** Which word a job can take now, and why not. Pure: a job as it is shown in, an event or a UsageError out. */

import type { CodingJobEvent } from "../../workflows/coding-job.ts";
import { UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { nearest } from "../core/nearest.ts";
import type { EngineEvent } from "../engine/engine-event.ts";
import type { JobView, SubtaskView } from "./job-view.ts";
import { isCodingJob } from "./jobs.ts";

export interface Word {
  readonly event: CodingJobEvent | EngineEvent;
  /** What was done, for the user: "the plan of job x is approved". */
  readonly said: string;
}

/** What has to be known of a job for that. */
export interface ToldJob
  extends Pick<JobView, "id" | "workflow" | "state" | "runBy" | "phase" | "asksApproval" | "pending"> {
  readonly subtasks: readonly Pick<SubtaskView, "id" | "status">[];
}

const BEFORE_PLAN: readonly (string | null)[] = [null, "preparing", "planning"];

export function approval(job: ToldJob): Word {
  refuseUnlessAsking(job);
  const said =
    job.phase === "awaitingApproval"
      ? `the plan of job ${job.id} is approved`
      : `the plan of job ${job.id} is approved as soon as it is there`;
  return { event: { type: "plan.approve" }, said };
}

export function rejection(job: ToldJob, feedback: string): Word {
  refuseUnlessAsking(job);
  if (job.phase !== "awaitingApproval") {
    throw refused(`job ${job.id} has no plan yet that could be rejected`, `see it with "orch show ${job.id}"`);
  }
  return { event: { type: "plan.reject", feedback }, said: `the plan of job ${job.id} is made anew` };
}

export function cancellation(job: ToldJob): Word {
  refuseIfOver(job);
  // A machine of one's own need not have a word for it: the engine has.
  const type = isCodingJob(job) ? "job.cancel" : "orch.cancel";
  // If nobody runs the job, the word is not left: it is carried out.
  if (job.runBy !== null) refuseIfPending(job, type, "cancelled");
  return { event: { type }, said: `job ${job.id} is cancelled; what it has made is kept` };
}

export function pausing(job: ToldJob): Word {
  refuseIfOver(job);
  if (job.state === "paused") throw refused(`job ${job.id} is paused already`, `let it go on: orch continue ${job.id}`);
  if (job.state === "failed") throw refused(`job ${job.id} has failed: nothing of it runs`, nextOf(job));
  refuseIfPending(job, "orch.pause", "paused");
  return { event: { type: "orch.pause" }, said: `job ${job.id} is paused; what is finished is kept` };
}

export function continuing(job: ToldJob): Word {
  refuseIfOver(job);
  if (job.state !== "paused") throw refused(`job ${job.id} is not paused`, nextOf(job));
  refuseIfPending(job, "orch.continue", "told to go on");
  return { event: { type: "orch.continue" }, said: `job ${job.id} goes on where it was paused` };
}

export function retry(job: ToldJob, subtaskId: string | undefined): Word {
  refuseUnlessFailed(job, "retried");
  refuseIfPending(job, "job.retry", "told to try again", subtaskId);
  if (subtaskId === undefined) {
    return { event: { type: "job.retry" }, said: `what failed of job ${job.id} is tried again` };
  }
  const { id } = failedSubtask(job, subtaskId, "retried");
  return { event: { type: "job.retry", subtaskId: id }, said: `subtask ${id} of job ${job.id} is tried again` };
}

export function skipping(job: ToldJob, subtaskId: string): Word {
  refuseUnlessFailed(job, "skipped");
  refuseIfPending(job, "subtask.skip", `told to go on without ${subtaskId}`, subtaskId);
  const { id } = failedSubtask(job, subtaskId, "skipped");
  return { event: { type: "subtask.skip", subtaskId: id }, said: `job ${job.id} goes on without subtask ${id}` };
}

/** @throws UsageError `subtask-unknown` with the ids that there are */
export function findSubtask({ id: jobId, subtasks }: ToldJob, id: string): ToldJob["subtasks"][number] {
  const found = subtasks.find((subtask) => subtask.id === id);
  if (found) return found;
  const ids = subtasks.map((subtask) => subtask.id);
  const meant = nearest(id, ids);
  throw new UsageError(`job ${jobId} has no subtask "${printable(id)}"`, {
    code: "subtask-unknown",
    hint: meant ? `did you mean ${meant}?` : ids.length > 0 ? `it has ${ids.join(", ")}` : "it has no plan yet",
  });
}

function nextOf({ id }: ToldJob): string {
  return `see what can be done with "orch show ${id}"`;
}

function refuseUnlessAsking(job: ToldJob): void {
  refuseIfOwn(job);
  refuseIfOver(job);
  if (!job.asksApproval) {
    throw refused(`job ${job.id} does not ask for approval`, "a job does so when it is begun with --approve-plan");
  }
  refuseIfPending(job, "plan.approve", "approved");
  refuseIfPending(job, "plan.reject", "rejected");
  if (job.phase === "awaitingApproval" || BEFORE_PLAN.includes(job.phase)) return;
  throw refused(`the plan of job ${job.id} is approved already`, `see how it goes with "orch show ${job.id}"`);
}

/** Plans and subtasks are the coding job's: a workflow of one's own knows other words. */
function refuseIfOwn(job: Pick<ToldJob, "id" | "workflow">): void {
  if (isCodingJob(job)) return;
  throw refused(
    `job ${job.id} is of the workflow "${printable(job.workflow)}", which has no plan and no subtasks`,
    `tell it what its machine waits for: orch signal ${job.id} <event>`,
  );
}

/** What is to be made anew for a fork (worktrees, turns) is known of coding jobs only. @throws UsageError `not-now` */
export function refuseForkOfOwn(job: Pick<ToldJob, "id" | "workflow">): void {
  if (isCodingJob(job)) return;
  throw refused(
    `job ${job.id} is of the workflow "${printable(job.workflow)}": only coding jobs can be forked`,
    "begin a new job with orch run --workflow",
  );
}

function refuseUnlessFailed(job: ToldJob, done: string): void {
  refuseIfOwn(job);
  refuseIfOver(job);
  if (job.state === "failed") return;
  const what = job.state === "interrupted" ? "is interrupted, it has not failed" : "has not failed";
  const hint = job.state === "interrupted" ? `go on with it: orch resume ${job.id}` : "wait until it has ended";
  throw refused(`job ${job.id} ${what}: nothing can be ${done}`, hint);
}

function failedSubtask(job: ToldJob, subtaskId: string, done: string): ToldJob["subtasks"][number] {
  const subtask = findSubtask(job, subtaskId);
  if (subtask.status === "failed") return subtask;
  const failed = job.subtasks.filter(({ status }) => status === "failed").map(({ id }) => id);
  throw refused(
    `subtask ${subtask.id} is ${subtask.status}: only one that failed can be ${done}`,
    failed.length > 0 ? `failed: ${failed.join(", ")}` : `no subtask failed: orch retry ${job.id}`,
  );
}

function refuseIfOver({ id, state }: ToldJob): void {
  if (state !== "done" && state !== "cancelled") return;
  throw refused(`job ${id} is ${state} already: nothing can change it any more`, `see it with "orch show ${id}"`);
}

function refuseIfPending({ id, pending }: ToldJob, type: string, said: string, subtaskId: string | null = null): void {
  if (!pending.some((word) => word.type === type && word.subtaskId === subtaskId)) return;
  throw refused(`job ${id} was ${said} already`, `it takes effect when the job runs: orch resume ${id}`);
}

function refused(message: string, hint: string): UsageError {
  return new UsageError(message, { code: "not-now", hint });
}
