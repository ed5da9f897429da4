/** Whether a worktree holds anything that git does not have: then it is not orch's to remove. */

import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Git } from "./git.ts";
import { bareEnvironment } from "./git-environment.ts";
import type { RemainingWorktree } from "./job-remains.ts";
import type { JobRepository } from "./job-repository.ts";
import { branchRef } from "./refs.ts";
import { WorkingTree } from "./working-tree.ts";
import { exists } from "./worktree-folder.ts";

export interface Recorded {
  /** The commit that its branch is at. */
  readonly head: string;
  /** Trees that are kept: of that commit, and of the snapshots of what an agent left in it. */
  readonly trees: ReadonlySet<string>;
}

/** Why it must be kept, as a clause; null if all that is in it is recorded. Changes nothing in it. */
export async function unrecordedChange(
  job: JobRepository,
  worktree: RemainingWorktree,
  recorded: Recorded | null,
): Promise<string | null> {
  const { admin } = worktree;
  if (admin === null) return "git does not know it as a worktree";
  if (recorded === null) return `its branch ${worktree.branch} is gone`;
  if (await exists(join(admin, "locked"))) return `it is locked ("git worktree unlock" undoes that)`;
  if (!(await exists(job.paths.git))) return "what the job recorded of it is gone";
  const git = new Git({ gitDir: admin, environment: bareEnvironment(), signal: job.scope.signal });
  const head = (await git.attempt(["symbolic-ref", "--quiet", "HEAD"])).stdout.trim();
  if (head !== branchRef(worktree.branch)) return `it is not on ${worktree.branch} any more`;
  const pointer = /^gitdir: (.*?)\n?$/.exec(await readFile(join(worktree.path, ".git"), "utf8").catch(() => ""))?.[1];
  if (pointer === undefined || resolve(worktree.path, pointer) !== admin) return "its .git was changed";
  await using files = await WorkingTree.open(job, worktree);
  const { tree, problems } = await files.snapshot(recorded.head);
  if (!recorded.trees.has(tree)) return "it holds changes that no commit has";
  if (problems.length > 0) return `it holds what no commit can hold: ${problems[0]}`;
  const staged = await stagedTree(job, admin);
  return staged !== null && recorded.trees.has(staged) ? null : "changes are staged in it that no commit has";
}

/** What `git commit` would take there; null if it cannot be said. Through a copy: git may write what it reads. */
async function stagedTree(job: JobRepository, admin: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), "orch-index-"));
  try {
    const index = join(folder, "index");
    await copyFile(join(admin, "index"), index);
    const result = await job.trees.attempt(["write-tree", "--missing-ok"], { index });
    return result.exitCode === 0 ? result.stdout.trim() : null;
  } catch {
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
