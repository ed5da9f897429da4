/** Puts files that an agent left into a worktree that was just made, as it left them: not committed. */

import type { Worktree } from "../../core/coding.ts";
import { commitTree } from "./commits.ts";
import { checkedId, checkWorktree, type JobRepository } from "./job-repository.ts";
import { keep } from "./refs.ts";
import { WorkingTree } from "./working-tree.ts";

export interface WorktreeFiles {
  readonly worktree: Worktree;
  /** The commit that the worktree's branch is at. */
  readonly head: string;
  /** Commit or tree that `git status` is to compare the files with: `head`, or a conflict's tree. */
  readonly index: string;
  /** Commit or tree. */
  readonly files: string;
}

/** They are kept under `refs/orch/<jobId>/<worktree>/fork`, too: what they came from may be cleaned away. */
export async function fillWorktree(job: JobRepository, input: WorktreeFiles): Promise<void> {
  const worktree = checkWorktree(job, input.worktree);
  const tree = await job.trees.line(["rev-parse", "--verify", `${checkedId(input.files)}^{tree}`]);
  const subject = `What was in ${worktree.name} at the point that the job was forked at`;
  await keep(job, `${worktree.name}/fork`, await commitTree(job, { tree, parents: [input.head], subject }));
  if (input.index !== input.head && input.index !== input.files) {
    const other = await job.trees.line(["rev-parse", "--verify", `${checkedId(input.index)}^{tree}`]);
    const before = `What the files of ${worktree.name} came from`;
    await keep(
      job,
      `${worktree.name}/fork`,
      await commitTree(job, { tree: other, parents: [input.head], subject: before }),
    );
  }
  await using files = await WorkingTree.open(job, worktree);
  await files.checkOut(tree);
  await files.setIndex(input.index);
  await files.publish();
}
