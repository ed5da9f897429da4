/** Removes everything of a job from the repository, its result too: for a job that never came to be. */

import { rm } from "node:fs/promises";
import { resultBranch } from "../../core/job-paths.ts";
import { removeHalfMade } from "./half-made-worktrees.ts";
import { findRemains } from "./job-remains.ts";
import type { JobRepository } from "./job-repository.ts";
import { branchRef, readRef } from "./refs.ts";
import { removeRefs, removeWorktree } from "./remove-remains.ts";

/** Safe to run again, however far an earlier call came. */
export async function discardJob(job: JobRepository): Promise<void> {
  await removeHalfMade(job);
  const { worktrees, branches, snapshots } = await findRemains(job);
  for (const worktree of worktrees) await removeWorktree(job, worktree);
  const ref = branchRef(resultBranch(job.scope.jobId));
  const commit = await readRef(job.refs, ref);
  const result = commit === null ? [] : [{ ref, name: ref, commit, tree: "" }];
  await removeRefs(job, [...branches, ...snapshots, ...result]);
  await rm(job.paths.job, { recursive: true, force: true });
}
