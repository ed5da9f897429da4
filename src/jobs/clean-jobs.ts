/** Cleans up after finished jobs: what they left in their repositories, and what they left running. */

import { existsSync } from "node:fs";
import { worktreeName } from "../../workflows/subtask-board.ts";
import type { CodingJobOutput, Repository } from "../core/coding.ts";
import { UsageError } from "../core/errors.ts";
import { LEASE_TTL_MS } from "../engine/lease.ts";
import { type CleanedThing, cleanJob } from "../services/git/clean-job.ts";
import { findJobsWithRemains } from "../services/git/job-remains.ts";
import { endJobProcesses, listJobProcesses } from "../services/job-processes.ts";
import { isGone, thisOwner } from "../services/owner.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { cancelIdleJob } from "./cancel-idle-job.ts";
import { type JobState, summarizeJob } from "./job-view.ts";
import { contextOf, findJob, inputOf, isCodingJob, signalJob, snapshotOf } from "./jobs.ts";

export interface CleanRequest {
  /** Empty: every job that is done. */
  readonly jobIds: readonly string[];
  /** Removes also what is in no result. Only for jobs that are named. */
  readonly discard: boolean;
  /** Takes the job out of the database, too, if nothing of it is kept. */
  readonly forget: boolean;
  /** Only says what would be done. */
  readonly dryRun: boolean;
}

export interface CleanedJob {
  readonly jobId: string;
  readonly state: JobState;
  readonly things: readonly CleanedThing[];
  /** Ids of the processes that it had left running, and that were ended. */
  readonly ended: readonly number[];
  /** What else is to be said of it; null for nothing. */
  readonly note: string | null;
  /** Whether something was kept that `discard` would remove. */
  readonly isKept: boolean;
  /** Whether the database has forgotten it: its history, its figures, its plan. */
  readonly isForgotten: boolean;
}

/**
 * One after the other; a kill in between leaves what another call can finish.
 *
 * @throws UsageError `job-unknown`, `not-now` (a job that is not over), before anything is removed
 */
export async function* cleanJobs(store: Store, request: CleanRequest): AsyncGenerator<CleanedJob> {
  const named = request.jobIds.map((jobId) => findJob(store, jobId));
  for (const job of named) refuseUnfinished(job);
  let forgotten = 0;
  for await (const job of named.length > 0 ? named : jobsToClean(store, request)) {
    const cleaned = await clean(store, job, request);
    const isForgotten = request.forget && isGoneWhole(cleaned) && (request.dryRun || store.deleteJob(job.id));
    if (isForgotten) forgotten += 1;
    yield { ...cleaned, isForgotten };
  }
  if (forgotten > 0 && !request.dryRun) store.compact();
}

/** Whether nothing of it is left to be found again by its record. */
function isGoneWhole({ state, isKept, things }: Omit<CleanedJob, "isForgotten">): boolean {
  return state !== "failed" && !isKept && things.every(({ outcome }) => outcome === "removed");
}

async function clean(store: Store, job: JobRecord, request: CleanRequest): Promise<Omit<CleanedJob, "isForgotten">> {
  const { repository } = inputOf(job);
  const { discard, dryRun } = request;
  if (!isCodingJob(job)) {
    const { state } = summarizeJob(job, Date.now());
    const note = `it is of the workflow "${job.workflow}": what that made is not known here, so it is kept`;
    return { jobId: job.id, state, things: [], ended: [], note, isKept: true };
  }
  const isCancelled = job.status === "failed" && discard && !dryRun && (await cancelFailed(store, job.id));
  const ended = await endLeftOver(store, job, dryRun);
  const said = (note: string | null, isKept: boolean, things: readonly CleanedThing[] = []) => {
    const { state } = summarizeJob(findJob(store, job.id), Date.now());
    return { jobId: job.id, state, things, ended, note, isKept: isKept && !discard };
  };
  if (!existsSync(repository.root) || !existsSync(repository.gitDir)) {
    return said(`its repository is not at ${repository.root} any more`, false);
  }
  if (job.status !== "done" && !discard) {
    const how = job.status === "failed" ? "has failed" : "was cancelled";
    return said(`it ${how}: what it made is in no result, so it is kept`, true);
  }
  const things = await cleanJob({
    ...{ repository, jobId: job.id, discard, dryRun },
    resultCommit: (job.output as unknown as CodingJobOutput | null)?.resultCommit ?? null,
    subtasks: subtasksOf(store, job.id),
  });
  const note = isCancelled ? "it had failed; it is cancelled now, because nothing is left to go on with" : null;
  const isKept = things.some(({ outcome }) => outcome === "kept");
  return said(note, isKept, things);
}

/** Those that are done and left something, and those that are over and still have something running. */
async function* jobsToClean(store: Store, { forget }: CleanRequest): AsyncGenerator<JobRecord> {
  const running = new Set(listJobProcesses().map(({ repository, jobId }) => `${repository}\0${jobId}`));
  const remains = new Map<string, Promise<Set<string>>>();
  const remainsOf = (repository: Repository) => {
    const found = remains.get(repository.gitDir) ?? findJobsWithRemains(repository).catch(() => new Set<string>());
    remains.set(repository.gitDir, found);
    return found;
  };
  // All are listed before the first is cleaned: pages would shift if jobs were added meanwhile.
  for (const { id } of allJobs(store)) {
    const job = store.getJob(id);
    if (!job || !isCodingJob(job) || !["done", "failed", "cancelled"].includes(summarizeJob(job, Date.now()).state))
      continue;
    const { repository } = inputOf(job);
    const isRunning = running.has(`${repository.root}\0${id}`);
    const isDone = job.status === "done" && (forget || (await remainsOf(repository)).has(id));
    if (isRunning || isDone) yield job;
  }
}

const PAGE = 200;

function allJobs(store: Store): { readonly id: string }[] {
  const ids: { readonly id: string }[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const jobs = store.listJobs({ limit: PAGE, offset });
    ids.push(...jobs.map(({ id }) => ({ id })));
    if (jobs.length < PAGE) return ids;
  }
}

function refuseUnfinished(job: JobRecord): void {
  const { state, runBy } = summarizeJob(job, Date.now());
  if (runBy === null && ["done", "failed", "cancelled"].includes(state)) return;
  throw new UsageError(`job ${job.id} is ${runBy ? "being run" : state}: only a job that is over can be cleaned up`, {
    code: "not-now",
    hint: `let it end, or end it for good: orch cancel ${job.id}`,
  });
}

/** A failed job could be retried; without its worktrees and branches it could not. */
async function cancelFailed(store: Store, jobId: string): Promise<boolean> {
  signalJob(store, jobId, { type: "job.cancel" });
  return (await cancelIdleJob(store, jobId)).isOver;
}

/** A job that is closed cannot be run by anybody; one that has failed is held meanwhile, so that nobody resumes it. */
async function endLeftOver(
  store: Store,
  { id, closed, input }: JobRecord,
  dryRun: boolean,
): Promise<readonly number[]> {
  const { root } = (input as unknown as { readonly repository: Repository }).repository;
  if (dryRun) {
    return listJobProcesses().flatMap((one) => (one.repository === root && one.jobId === id ? one.identity.pid : []));
  }
  if (closed) return await endJobProcesses(root, id);
  const owner = await thisOwner();
  const lease = store.acquireLease({ jobId: id, owner, now: Date.now(), ttlMs: LEASE_TTL_MS, isGone });
  if (!lease.acquired) return [];
  try {
    return await endJobProcesses(root, id);
  } finally {
    store.releaseLease({ jobId: id, epoch: lease.epoch });
  }
}

/** Each with the names of the worktrees that it has had. */
function subtasksOf(store: Store, jobId: string) {
  const snapshot = snapshotOf(store, jobId);
  const board = snapshot ? contextOf(snapshot).board : [];
  return board.map((entry) => ({
    id: entry.id,
    names: Array.from({ length: entry.tries }, (_, index) => worktreeName({ ...entry, tries: index + 1 })),
    isKept: entry.status === "skipped",
  }));
}
