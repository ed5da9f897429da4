/** A job's view of the repository: the git that works on trees, and the git that moves refs, kept apart. */

import { join } from "node:path";
import type { ActivityContext } from "../../core/activity.ts";
import type { Repository, Worktree } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { effectName, isSafeName, parseJobId, printable } from "../../core/ids.ts";
import { type JobPaths, jobPaths, resultBranch, subtaskBranch } from "../../core/job-paths.ts";
import { Git, type GitOptions } from "./git.ts";
import { bareEnvironment } from "./git-environment.ts";

/** What the job's git functions need of an activity's context. */
export type JobScope = Pick<
  ActivityContext,
  "jobId" | "effectId" | "scheduledAt" | "signal" | "holdsJob" | "log" | "redact"
>;

export interface JobRepository {
  readonly repository: Repository;
  readonly scope: JobScope;
  readonly paths: JobPaths;
  /** Trees, diffs, merges: the orchestrator's own git directory, whose objects are the user's repository's. */
  readonly trees: Git;
  /** Refs and the list of worktrees: the user's repository. Never given a working tree. */
  readonly refs: Git;
  /** The effect's id as a safe name. */
  readonly effect: string;
}

export function openJobRepository(repository: Repository, scope: JobScope): JobRepository {
  const paths = jobPaths(repository.root, parseJobId(scope.jobId));
  return {
    repository,
    scope,
    paths,
    trees: treesGit(repository, paths, scope),
    refs: new Git({ gitDir: repository.gitDir, environment: bareEnvironment(), ...limits(scope) }),
    effect: effectName(scope.effectId),
  };
}

/** What ends a git command of the activity, and what keeps it from being started. */
export const limits = ({ signal, holdsJob }: GitLimits): GitLimits => ({ signal, holdsJob });

type GitLimits = Pick<GitOptions, "signal" | "holdsJob">;

export function treesGit(repository: Repository, paths: JobPaths, scope: GitLimits = {}): Git {
  return new Git({
    gitDir: paths.git,
    // The user's alternates are found from there, too: they belong to the objects folder.
    environment: { ...bareEnvironment(), GIT_OBJECT_DIRECTORY: join(repository.gitDir, "objects") },
    ...limits(scope),
  });
}

/** The orchestrator's notes beside its git directory's own files. Git looks at none of them. */
export const notePath = (job: JobRepository, name: string): string => join(job.paths.git, "orch", name);

/** `.gitattributes` of the base commit alone: what merges go by, whatever an agent writes into its own. */
export const mergeViewPath = (job: JobRepository): string => notePath(job, "merge-view");

/** Throws unless the worktree is one that this job can have: its path and branch follow from its name. */
export function checkedWorktree(job: JobRepository, name: string, branch: string): Worktree {
  const { jobId } = job.scope;
  // A second try by hand is called `<id>--2`.
  if (!isSafeName(name.replace(/--\d+$/, ""))) throw notOurs(`"${printable(name)}" cannot name a worktree`);
  const allowed = [resultBranch(jobId), subtaskBranch(jobId, name)];
  if (!allowed.includes(branch)) throw notOurs(`"${printable(branch)}" is not a branch of job ${jobId}`);
  return { name, branch, path: join(job.paths.worktrees, name) };
}

/** As `checkedWorktree`, for one that an earlier activity returned. */
export function checkWorktree(job: JobRepository, worktree: Worktree): Worktree {
  const checked = checkedWorktree(job, worktree.name, worktree.branch);
  if (checked.path !== worktree.path) throw notOurs(`"${printable(worktree.path)}" is not a worktree of this job`);
  return checked;
}

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Returns `id` if it is a full object id, so that it can never be an option or another revision. */
export function checkedId(id: string): string {
  if (OBJECT_ID.test(id)) return id;
  throw notOurs(`"${printable(id)}" is not an object id`);
}

function notOurs(message: string): OrchError {
  return new OrchError(message, { code: "bad-git-input" });
}
