/** Registers a worktree with git, whatever an earlier attempt that was killed left of it. */

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { throwIfStopped } from "../../core/activity.ts";
import type { Worktree } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { Git, gitFailed } from "./git.ts";
import { bareEnvironment } from "./git-environment.ts";
import { removeHalfMade } from "./half-made-worktrees.ts";
import { type JobRepository, limits } from "./job-repository.ts";
import { branchRef } from "./refs.ts";
import { WorkingTree } from "./working-tree.ts";
import { exists, findAdminFolder, isOccupied } from "./worktree-folder.ts";

const TRIES = 10;

/** Its branch must exist. Leaves a worktree that is complete as it is; a new one has no files yet. One call at a time. */
export async function addWorktree(job: JobRepository, worktree: Worktree): Promise<void> {
  for (let tries = 1; ; tries++) {
    if (await isComplete(job, worktree)) return;
    await clear(job, worktree);
    // The branch has no upstream, so git writes no configuration, which is what concurrent adds fail on.
    const args = ["worktree", "add", "--no-checkout", worktree.path, worktree.branch];
    const result = await job.refs.attempt(args, { cwd: job.repository.root });
    if (result.exitCode === 0) return;
    if (/already (?:checked out|used by worktree)/.test(result.stderr)) {
      throw new OrchError(`branch ${worktree.branch} is checked out elsewhere`, {
        code: "branch-checked-out",
        hint: `switch to another branch there: "git worktree list" shows where it is`,
      });
    }
    // Another process may be adding to the same repository: its locks, and a worktree of its that git sees half-made and
    // stumbles over, last for milliseconds.
    if (tries === TRIES) throw gitFailed(args, result);
    await removeHalfMade(job);
    await sleep(20 * tries + Math.random() * 20);
  }
}

/** Whether an earlier attempt, or an earlier life of the worktree, came to its end. */
async function isComplete(job: JobRepository, worktree: Worktree): Promise<boolean> {
  const admin = await findAdminFolder(job.repository.gitDir, worktree.path);
  if (admin === null || !(await WorkingTree.isPublished(job, worktree)) || !(await exists(worktree.path))) return false;
  const git = new Git({ gitDir: admin, environment: bareEnvironment(), ...limits(job.scope) });
  const head = await git.attempt(["symbolic-ref", "--quiet", "HEAD"]);
  if (head.stdout.trim() === branchRef(worktree.branch)) return true;
  throw new OrchError(`the worktree ${worktree.path} is on another branch than ${worktree.branch}`, {
    code: "worktree-changed",
    hint: `run "git switch ${worktree.branch}" there, then resume the job`,
  });
}

/** Removes a half-made worktree: nobody has worked in it yet. The folder goes first, so that git knows it until then. */
async function clear(job: JobRepository, worktree: Worktree): Promise<void> {
  const admin = await findAdminFolder(job.repository.gitDir, worktree.path);
  if (admin === null && (await isOccupied(worktree.path))) {
    throw new OrchError(`${worktree.path} is in the way: it is not a worktree that git knows`, {
      code: "worktree-in-the-way",
      hint: `move it away, then resume the job`,
    });
  }
  throwIfStopped(job.scope);
  await rm(worktree.path, { recursive: true, force: true });
  await WorkingTree.forget(job, worktree);
  if (admin !== null) await rm(admin, { recursive: true, force: true });
}
