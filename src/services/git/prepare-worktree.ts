/** Makes a worktree on a branch at a commit, or brings one that is there to that state, losing nothing that was in it. */

import type { ActivityContext } from "../../core/activity.ts";
import type { PrepareWorktreeInput, Worktree } from "../../core/coding.ts";
import { copyFiles, normalPaths } from "../commands/copy-files.ts";
import { addWorktree } from "./add-worktree.ts";
import { commitTree, madeByJob, treeOf } from "./commits.ts";
import { rememberCopied } from "./copied-paths.ts";
import { checkedId, checkedWorktree, type JobRepository, openJobRepository } from "./job-repository.ts";
import { KeyedQueue } from "./keyed-queue.ts";
import { branchMoved, branchRef, keep, moveBranch, readRef } from "./refs.ts";
import { WorkingTree } from "./working-tree.ts";

/** For all jobs of this process: git adds one worktree at a time to a repository. */
const queue = new KeyedQueue();

export async function prepareWorktree(input: PrepareWorktreeInput, context: ActivityContext): Promise<Worktree> {
  const job = openJobRepository(input.repository, context);
  const worktree = checkedWorktree(job, input.name, input.branch);
  const start = checkedId(input.startCommit);
  const copy = normalPaths(input.copy);

  const current = await branchFor(job, worktree, start);
  await queue.run(job.repository.gitDir, () => addWorktree(job, worktree));
  await using files = await WorkingTree.open(job, worktree);
  if (await WorkingTree.isPublished(job, worktree)) await keepWhatIsThere(job, worktree, current, start, files);
  await moveBranch(job, worktree.branch, { from: current, to: start });
  await files.checkOut(start);
  await copyUntracked(job, worktree, copy, files);
  // Last: an index in its place means that the worktree was complete once.
  await files.publish();
  return worktree;
}

async function copyUntracked(
  job: JobRepository,
  worktree: Worktree,
  paths: readonly string[],
  files: WorkingTree,
): Promise<void> {
  if (paths.length === 0) return;
  const tracked = [...(await files.tracked(paths))];
  const untracked = paths.filter((path) => !tracked.some((one) => one === path || one.startsWith(`${path}/`)));
  await queue.run(job.paths.git, () => rememberCopied(job, untracked));
  const { missing } = await copyFiles(job.repository.root, worktree.path, untracked);
  for (const path of missing) job.scope.log.warn("a file to copy into the worktree is not there", { path });
}

/** Makes the branch if there is none. Returns where it is; throws if somebody else put it there. */
async function branchFor(job: JobRepository, { branch }: Worktree, start: string): Promise<string> {
  const current = await readRef(job.refs, branchRef(branch));
  if (current === start) return current;
  if (current === null) {
    await moveBranch(job, branch, { from: null, to: start });
    return start;
  }
  if (await madeByJob(job, current)) return current;
  throw branchMoved(branch, current, start);
}

/** An earlier life of the same worktree, such as a failed subtask's that is tried again from the start. */
async function keepWhatIsThere(
  job: JobRepository,
  worktree: Worktree,
  current: string,
  start: string,
  files: WorkingTree,
): Promise<void> {
  const { tree } = await files.snapshot(current);
  const isChanged = tree !== (await treeOf(job, current));
  if (!isChanged && current === start) return;
  const subject = `What was in ${worktree.name} before it was made anew`;
  const commit = isChanged ? await commitTree(job, { tree, parents: [current], subject }) : current;
  await keep(job, `${worktree.name}/${job.effect}-before`, commit);
}
