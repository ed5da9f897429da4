/** A job as it is shown: what the database says of it, put together for a person or a program. */

import { join } from "node:path";
import { worktreeName } from "../../workflows/subtask-board.ts";
import type { DiffStat, Plan, SubtaskStatus } from "../core/coding.ts";
import { type Cost, noPrices, type PricesOf } from "../core/cost.ts";
import { jobPaths } from "../core/job-paths.ts";
import type { Json } from "../core/json.ts";
import type { TokenUsage } from "../core/usage.ts";
import { childActorId, isWithin, ROOT_ACTOR } from "../engine/actor-id.ts";
import { moduleOf } from "../own-workflow/own-job.ts";
import { isGone } from "../services/owner.ts";
import type { ActivityRecord, JobRecord, JobStatus, Store } from "../store/store.ts";
import { codingOutput } from "./coding-part.ts";
import { toEventError } from "./job-events.ts";
import { contextOf, costsOf, inputOf, isCodingJob, snapshotOf } from "./jobs.ts";
import { stateName } from "./state-name.ts";

/** `interrupted`: it has not settled, and no orchestrator that lives has it. */
export type JobState = JobStatus | "interrupted";

export interface JobSummary {
  readonly id: string;
  /** Name of its workflow: `coding-job`, or one of the user's own. */
  readonly workflow: string;
  readonly state: JobState;
  /** The orchestrator that has it now. */
  readonly runBy: { readonly host: string; readonly pid: number } | null;
  readonly task: string;
  readonly repository: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SubtaskView {
  readonly id: string;
  readonly title: string;
  readonly instructions: string;
  readonly dependsOn: readonly string[];
  readonly status: SubtaskStatus;
  readonly commit: string | null;
  readonly stat: DiffStat | null;
  readonly error: ErrorView | null;
  /** Null as long as it has none. */
  readonly worktree: string | null;
  /** The last thing that was seen of what is going on in it. */
  readonly line: string | null;
}

export interface ErrorView {
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
}

/** An event from outside that waits for the job. */
export interface PendingWord {
  readonly type: string;
  /** The subtask that it is about; null for the whole job. */
  readonly subtaskId: string | null;
}

export interface OwnView {
  readonly version: number;
  /** Null if another program made the job. */
  readonly file: string | null;
  /** What its machine can be told; null if that is not known, or anything. */
  readonly events: readonly string[] | null;
  /** What it gave at its end. */
  readonly output: Json | null;
}

export interface JobView extends JobSummary {
  /** Where its machine stands: `planning`, `awaitingApproval`, `working` …; null before its first transition. */
  readonly phase: string | null;
  /** Set for a workflow of one's own. */
  readonly own: OwnView | null;
  /** Whether it waits, or is going to wait, for its plan to be approved. */
  readonly asksApproval: boolean;
  /** What it was told and has not taken yet. */
  readonly pending: readonly PendingWord[];
  /** The job, and the entry of its history, that this one began from; null for one that began by itself. */
  readonly forkedFrom: { readonly jobId: string; readonly at: number } | null;
  /** Whether it was begun with the setting that takes the sandbox away. */
  readonly dangerouslyWithoutSandbox: boolean;
  readonly baseBranch: string | null;
  readonly baseCommit: string;
  /** The planner's words; empty before there is a plan. */
  readonly summary: string;
  readonly subtasks: readonly SubtaskView[];
  readonly resultBranch: string | null;
  readonly resultCommit: string | null;
  readonly stat: DiffStat | null;
  readonly pushedTo: string | null;
  readonly usage: TokenUsage;
  /** Null without prices. */
  readonly cost: Cost | null;
  readonly error: ErrorView | null;
  readonly paths: { readonly log: string; readonly worktrees: string };
}

/** The state of a job as one word, and who runs it. */
export function summarizeJob(job: JobRecord, now: number): JobSummary {
  const { id, workflow, status, lease, createdAt, updatedAt } = job;
  const { task, repository } = inputOf(job);
  const isHeld = lease !== null && lease.expiresAt > now && !isGone(lease.owner);
  return {
    id,
    workflow,
    state: status === "running" && !isHeld ? "interrupted" : status,
    runBy: isHeld ? { host: lease.owner.host, pid: lease.owner.pid } : null,
    task,
    repository: repository.root,
    createdAt,
    updatedAt,
  };
}

export function viewJob(store: Store, job: JobRecord, now: number, pricesOf: PricesOf = noPrices): JobView {
  const { repository, settings } = inputOf(job);
  const paths = jobPaths(repository.root, job.id);
  const output = codingOutput(job.output);
  const snapshot = snapshotOf(store, job.id);
  return {
    ...summarizeJob(job, now),
    phase: snapshot && (isCodingJob(job) ? topState(snapshot.value) : stateName(snapshot.value)),
    own: isCodingJob(job) ? null : ownView(store, job),
    asksApproval: isCodingJob(job) && settings.approvePlan,
    pending: pendingWords(store, job.id),
    forkedFrom: forkedFrom(job),
    dangerouslyWithoutSandbox: settings.dangerouslyWithoutSandbox === true,
    baseBranch: repository.baseBranch,
    baseCommit: repository.baseCommit,
    summary: snapshot ? contextOf(snapshot).summary : "",
    subtasks: viewSubtasks(store, job, paths.worktrees),
    resultBranch: output?.resultBranch ?? null,
    resultCommit: output?.resultCommit ?? null,
    stat: output?.stat ?? null,
    pushedTo: output?.pushedTo ?? null,
    ...costsOf(store, job, pricesOf),
    error: job.error && toEventError(job.error),
    paths: { log: paths.log, worktrees: paths.worktrees },
  };
}

function ownView(store: Store, job: JobRecord): OwnView {
  const module = moduleOf(store, job);
  return { version: job.version, file: module?.path ?? null, events: module?.events ?? null, output: job.output };
}

function forkedFrom({ labels }: JobRecord): JobView["forkedFrom"] {
  const { forkedFrom: jobId, forkedAt } = labels;
  return jobId === undefined ? null : { jobId, at: Number(forkedAt) };
}

function viewSubtasks(store: Store, job: JobRecord, worktrees: string): SubtaskView[] {
  const snapshot = snapshotOf(store, job.id);
  const board = snapshot ? contextOf(snapshot).board : [];
  const plan = store.getArtifact(job.id, "plan")?.content as Plan | undefined;
  const instructions = new Map(plan?.subtasks.map((subtask) => [subtask.id, subtask.instructions]));
  const activities = store.listActivities(job.id, { status: "scheduled" });
  return board.map((entry) => {
    const { id, title, dependsOn, status, commit, stat, error, tries } = entry;
    return {
      id,
      title,
      instructions: instructions.get(id) ?? "",
      dependsOn,
      status,
      commit,
      stat,
      error: error && toEventError(error),
      worktree: tries === 0 ? null : join(worktrees, worktreeName(entry)),
      line: lastLine(activities, id),
    };
  });
}

function lastLine(activities: readonly ActivityRecord[], subtaskId: string): string | null {
  const ofSubtask = activities.findLast(({ actorId }) => isWithin(actorId, childActorId(ROOT_ACTOR, subtaskId)));
  const { line } = (ofSubtask?.heartbeat ?? {}) as { readonly line?: Json };
  return typeof line === "string" && line !== "" ? line : null;
}

export function pendingWords(store: Store, jobId: string): PendingWord[] {
  return store.listPendingSignals(jobId).flatMap(({ external, event }) => {
    const { type, subtaskId = null } = event as { readonly type: string; readonly subtaskId?: string };
    return external ? [{ type, subtaskId }] : [];
  });
}

function topState(value: Json): string {
  if (typeof value === "string") return value;
  return Object.keys(value as Record<string, Json>)[0] ?? "";
}
