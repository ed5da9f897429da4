/** Makes work that was checked a commit on the worktree's branch. */

import type { ActivityContext } from "../../core/activity.ts";
import type { CommitWorkInput, CommitWorkOutput } from "../../core/coding.ts";
import { commitTree, subtaskOf } from "./commits.ts";
import { checkWorktree, openJobRepository } from "./job-repository.ts";
import { moveBranch } from "./refs.ts";
import { WorkingTree } from "./working-tree.ts";

export async function commitWork(input: CommitWorkInput, context: ActivityContext): Promise<CommitWorkOutput> {
  const job = openJobRepository(input.repository, context);
  const worktree = checkWorktree(job, input.worktree);
  const { tree, head, title, body } = input;
  const commit = await commitTree(job, {
    tree,
    parents: [head],
    subject: title,
    body,
    subtaskId: subtaskOf(worktree.name),
  });
  await moveBranch(job, worktree.branch, { from: head, to: commit });
  await using files = await WorkingTree.open(job, worktree);
  // Only the index: what changed since the check, if anything, stays and shows in `git status`.
  await files.setIndex(tree);
  await files.publish();
  return { head: commit };
}
