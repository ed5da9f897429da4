/** Keeps what an agent wrote as a commit, whatever it is worth, and says what speaks against taking it. */

import type { ActivityContext } from "../../core/activity.ts";
import type { CheckWorkInput, CheckWorkOutput } from "../../core/coding.ts";
import { commitTree, subtaskOf } from "./commits.ts";
import { DEFAULT_SIZE_LIMITS } from "./file-sizes.ts";
import { inspectTree } from "./inspect-tree.ts";
import { checkedId, checkWorktree, openJobRepository } from "./job-repository.ts";
import { keep } from "./refs.ts";
import { diffStat } from "./tree-diff.ts";
import { WorkingTree } from "./working-tree.ts";

export async function checkWork(
  input: CheckWorkInput,
  context: ActivityContext,
  limits = DEFAULT_SIZE_LIMITS,
): Promise<CheckWorkOutput> {
  const job = openJobRepository(input.repository, context);
  const worktree = checkWorktree(job, input.worktree);
  const head = checkedId(input.head);
  await using files = await WorkingTree.open(job, worktree);
  const { tree, problems: left } = await files.snapshot(head, limits);
  const subject = `Work in ${worktree.name}, as it was left`;
  const snapshot = await commitTree(job, { tree, parents: [head], subject, subtaskId: subtaskOf(worktree.name) });
  await keep(job, `${worktree.name}/${job.effect}`, snapshot);

  const { changes, problems: found } = await inspectTree(job.trees, head, tree, context.redact);
  const problems = [...left, ...found];
  if (changes.length === 0 && problems.length === 0) {
    problems.push("You changed nothing: no file of the repository is different. Do the work in this folder.");
  }
  return { snapshot, tree, stat: await diffStat(job.trees, head, tree), problems };
}
