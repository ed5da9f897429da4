/** What is left of a job in the user's repository: its worktrees, its branches, and the snapshots that were kept. */

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Repository, Worktree } from "../../core/coding.ts";
import { jobPaths, keepRef, resultBranch, subtaskBranch } from "../../core/job-paths.ts";
import { Git } from "./git.ts";
import { bareEnvironment } from "./git-environment.ts";
import type { JobRepository } from "./job-repository.ts";
import { branchRef } from "./refs.ts";
import { exists } from "./worktree-folder.ts";

export interface RemainingWorktree extends Worktree {
  /** What git keeps of it: `<git directory>/worktrees/<id>`; null if git does not know it. */
  readonly admin: string | null;
  /** Whether its folder is there. */
  readonly isThere: boolean;
}

export interface RemainingRef {
  /** In full: `refs/…`. */
  readonly ref: string;
  /** Below the job's prefix: a worktree's name, for a snapshot with an effect's behind it. */
  readonly name: string;
  readonly commit: string;
  readonly tree: string;
}

export interface Remains {
  readonly worktrees: readonly RemainingWorktree[];
  readonly branches: readonly RemainingRef[];
  readonly snapshots: readonly RemainingRef[];
}

/** Ids of the jobs of which anything seems to be left in a repository: quick, for a choice among many. */
export async function findJobsWithRemains({ root, gitDir }: Repository): Promise<Set<string>> {
  const git = new Git({ gitDir, environment: bareEnvironment() });
  const listed = await git.attempt(["for-each-ref", "--format=%(refname)", "refs/heads/orch/", "refs/orch/"]);
  const named = listed.stdout.split("\n").map((ref) => /^refs\/(?:heads\/)?orch\/([^/]+)\//.exec(ref)?.[1]);
  const folders = await readdir(dirname(jobPaths(root, "any").job)).catch(() => []);
  const used = folders.filter((jobId) => {
    const { worktrees, git: own } = jobPaths(root, jobId);
    return existsSync(worktrees) || existsSync(own);
  });
  return new Set([...named.filter((jobId) => jobId !== undefined), ...used]);
}

export async function findRemains(job: JobRepository): Promise<Remains> {
  const { jobId } = job.scope;
  return {
    worktrees: await findWorktrees(job),
    branches: await listRefs(job, branchRef(subtaskBranch(jobId, ""))),
    snapshots: await listRefs(job, keepRef(jobId, "")),
  };
}

async function findWorktrees(job: JobRepository): Promise<RemainingWorktree[]> {
  const { worktrees } = job.paths;
  const known = await adminFolders(job);
  const folders = (await readdir(worktrees, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(worktrees, name));
  const paths = [...new Set([...folders, ...known.keys()])].sort();
  return Promise.all(
    paths.map(async (path) => {
      const name = basename(path);
      const branch = name === "result" ? resultBranch(job.scope.jobId) : subtaskBranch(job.scope.jobId, name);
      return { name, path, branch, admin: known.get(path) ?? null, isThere: await exists(path) };
    }),
  );
}

/** By the worktree's path: those that git has directly below the job's folder of worktrees. */
async function adminFolders(job: JobRepository): Promise<Map<string, string>> {
  const all = join(job.repository.gitDir, "worktrees");
  const found = new Map<string, string>();
  for (const id of await readdir(all).catch(() => [])) {
    const pointer = (await readFile(join(all, id, "gitdir"), "utf8").catch(() => "")).trimEnd();
    const path = dirname(resolve(all, id, pointer));
    if (pointer !== "" && path.startsWith(job.paths.worktrees + sep) && dirname(path) === job.paths.worktrees) {
      found.set(path, join(all, id));
    }
  }
  return found;
}

/** @param prefix ends with a slash, so that a job whose id begins with this one's is not meant */
async function listRefs(job: JobRepository, prefix: string): Promise<RemainingRef[]> {
  const format = "--format=%(refname) %(objectname) %(tree)";
  const output = await job.refs.run(["for-each-ref", format, prefix]);
  return output
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [ref = "", commit = "", tree = ""] = line.split(" ");
      return { ref, name: ref.slice(prefix.length), commit, tree };
    });
}
