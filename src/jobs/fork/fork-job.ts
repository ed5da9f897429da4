/**
 * Makes a new coding job from any point of another's history, with branches and worktrees of its own. All that the new job
 * believes to be there is made first; the job itself comes last, in one transaction. Killed in the middle, a fork leaves no
 * job, and what it had made is cleared away by the next one.
 */

import { existsSync } from "node:fs";
import { codingRegistry } from "../../coding-workflows.ts";
import type { RunSetup } from "../../command-access.ts";
import { systemClock } from "../../core/clock.ts";
import type { Plan, Repository } from "../../core/coding.ts";
import { UsageError } from "../../core/errors.ts";
import { newJobId, parseJobId } from "../../core/ids.ts";
import { jobPaths } from "../../core/job-paths.ts";
import { toJson } from "../../core/json.ts";
import type { Redact } from "../../core/redact.ts";
import { type Fork, forkJob } from "../../engine/fork.ts";
import { patiently } from "../../engine/patience.ts";
import { writeJsonFile } from "../../services/agents/write-json-file.ts";
import { discardJob } from "../../services/git/discard-job.ts";
import { findRepository } from "../../services/git/find-repository.ts";
import { refuseExistingJob } from "../../services/git/inspect-repository.ts";
import { openJobRepository } from "../../services/git/job-repository.ts";
import { prepareJob } from "../../services/git/prepare-job.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { openJobLog } from "../job-log.ts";
import { refuseForkOfOwn } from "../job-words.ts";
import { findJob, inputOf, refuseTakenId } from "../jobs.ts";
import { ForkClaims } from "./fork-claims.ts";
import { forkContext, restoreWorktrees } from "./fork-restore.ts";
import { worktreesAt } from "./fork-worktrees.ts";
import { renameJob } from "./rename-job.ts";

export interface ForkOptions {
  readonly store: Store;
  readonly databasePath: string;
  readonly jobId: string;
  /** Number of the last entry of its history that the new job begins with. */
  readonly at: number;
  /** Default: a new one. */
  readonly newJobId?: string | undefined;
  readonly redact: Redact;
  /** Runs its setup commands in the worktrees of the new job. */
  readonly runSetup: RunSetup;
}

/**
 * The job that is forked is only read, be it running or over.
 *
 * @throws UsageError `job-unknown`, `point-unknown`, `point-is-end`, `job-exists`, `branch-exists`, `repository-gone`
 * @throws OrchError `workflow-gone`, `workflow-changed`, `history-damaged`, `files-not-kept`, `setup-failed`, or git's own
 */
export async function forkCodingJob(options: ForkOptions): Promise<JobRecord> {
  const { store, databasePath, jobId, at } = options;
  const now = Date.now();
  const to = options.newJobId === undefined ? newJobId(now) : parseJobId(options.newJobId);
  refuseTakenId(store, to);
  const job = findJob(store, jobId);
  refuseForkOfOwn(job);
  const { repository } = inputOf(job);
  const fork = forkJob({
    job,
    history: store.listHistory(jobId, { limit: Math.max(0, at) }),
    artifacts: store.listArtifacts(jobId),
    registry: codingRegistry(),
    at,
    newJobId: to,
    rewrite: renameJob({ repositoryRoot: repository.root, from: jobId, to }),
    labels: { ...job.labels, forkedFrom: jobId, forkedAt: String(at) },
    now,
  });

  if (!existsSync(repository.root)) throw repositoryGone(jobId, repository);
  const claims = new ForkClaims(databasePath);
  await clearAbandoned(claims, store);
  await refuseExistingJob(await findRepository(repository.root), to);
  await claims.add(to, repository);
  try {
    await restore(options, fork, repository);
    if (!(await patiently(systemClock, () => store.insertJob(fork.whole)))) refuseTakenId(store, to);
  } catch (error) {
    // Not if another made the job: then it is that one's.
    if (!store.getJob(to)) await discardJob(openJobRepository(repository, forkContext(fork)));
    await claims.remove(to);
    throw error;
  }
  await claims.remove(to);
  return findJob(store, to);
}

async function restore(
  { store, jobId, at, redact, runSetup }: ForkOptions,
  fork: Fork,
  repository: Repository,
): Promise<void> {
  const { id } = fork.whole.job;
  const paths = jobPaths(repository.root, id);
  const log = openJobLog(paths.log, redact);
  const context = forkContext(fork, log, redact);
  await prepareJob({ repository }, context);
  log.info("forked from another job", { from: jobId, at });
  const plan = fork.whole.artifacts.findLast(({ name }) => name === "plan")?.content as Plan | undefined;
  if (plan) await writeJsonFile(paths.plannerOutput, toJson(plan));
  await restoreWorktrees({
    ...{ store, from: jobId, repository, context },
    worktrees: worktreesAt(fork.calls),
    runSetup: runSetup(inputOf(fork.whole.job)),
  });
}

/** Of forks from this database that were killed before their job was there. */
async function clearAbandoned(claims: ForkClaims, store: Store): Promise<void> {
  for (const { jobId, repository } of await claims.abandoned()) {
    const isLeft = !store.getJob(jobId) && existsSync(repository.gitDir);
    if (isLeft) await discardJob(openJobRepository(repository, forkContext(jobId)));
    await claims.remove(jobId);
  }
}

function repositoryGone(jobId: string, { root }: Repository): UsageError {
  return new UsageError(`the repository of job ${jobId} is not at ${root} any more`, {
    code: "repository-gone",
    hint: "move it back to where it was",
  });
}
