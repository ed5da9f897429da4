/** Brings subtasks' work into a worktree's branch, one after the other, until git cannot decide by itself. */

import type { ActivityContext } from "../../core/activity.ts";
import type { Conflict, Incoming, IntegrateInput, IntegrateOutput } from "../../core/coding.ts";
import { commitTree, isAncestor, subjectOf, treeOf } from "./commits.ts";
import { checkedId, checkWorktree, type JobRepository, openJobRepository } from "./job-repository.ts";
import { mergeCommits } from "./merge.ts";
import { branchMoved, branchRef, keep, moveBranch, readRef } from "./refs.ts";
import { WorkingTree } from "./working-tree.ts";

/**
 * Every merge is made as objects first, and they are the same in every attempt. So an attempt that finds the branch or
 * the files half-way knows them, and only then moves the branch and the files.
 */
export async function integrate(input: IntegrateInput, context: ActivityContext): Promise<IntegrateOutput> {
  const job = openJobRepository(input.repository, context);
  const worktree = checkWorktree(job, input.worktree);
  const { heads, merged, conflict } = await mergeAll(job, worktree.name, checkedId(input.head), input.incoming);
  const head = heads.at(-1) ?? input.head;
  const current = await readRef(job.refs, branchRef(worktree.branch));
  if (current === null || !heads.includes(current)) throw branchMoved(worktree.branch, current, input.head);

  await using files = await WorkingTree.open(job, worktree);
  const found = (await files.snapshot(input.head)).tree;
  const known = [...(await Promise.all(heads.map((one) => treeOf(job, one)))), conflict?.tree];
  if (!known.includes(found)) {
    const subject = `What was in ${worktree.name} before a merge`;
    await keep(
      job,
      `${worktree.name}/${job.effect}-before`,
      await commitTree(job, { tree: found, parents: [input.head], subject }),
    );
  }
  if (conflict) await keepConflict(job, worktree.name, head, conflict);
  await moveBranch(job, worktree.branch, { from: current, to: head });
  await files.checkOut(conflict?.tree ?? (await treeOf(job, head)));
  await files.publish();
  return { head, merged, conflict };
}

interface Merges {
  /** Where the branch is, at first and after each merge. */
  readonly heads: readonly string[];
  readonly merged: readonly string[];
  readonly conflict: Conflict | null;
}

async function mergeAll(
  job: JobRepository,
  name: string,
  start: string,
  incoming: readonly Incoming[],
): Promise<Merges> {
  const heads = [start];
  const merged: string[] = [];
  for (const one of incoming) {
    const head = heads.at(-1) ?? start;
    if (!(await isAncestor(job, one.commit, head))) {
      // A fast-forward where one will do: the subtask's own commit says whose it is, and a merge would add nothing.
      if (await isAncestor(job, head, one.commit)) heads.push(one.commit);
      else {
        const sides = { head, incoming: one.commit, headName: name, incomingName: one.subtaskId };
        const { clean, tree, files, descriptions } = await mergeCommits(job, sides);
        if (!clean) return { heads, merged, conflict: { ...one, files, tree, descriptions } };
        heads.push(await commitMerge(job, one, { tree, head }));
      }
    }
    merged.push(one.subtaskId);
  }
  return { heads, merged, conflict: null };
}

export async function commitMerge(
  job: JobRepository,
  { subtaskId, commit }: Incoming,
  { tree, head, body = "" }: { readonly tree: string; readonly head: string; readonly body?: string },
): Promise<string> {
  const subject = `Merge subtask ${subtaskId}: ${await subjectOf(job, commit)}`;
  return commitTree(job, { tree, parents: [head, commit], subject, body, subtaskId });
}

/** So that the tree with its markers is there for as long as the agent, or a person, may need it. */
async function keepConflict(job: JobRepository, name: string, head: string, conflict: Conflict): Promise<void> {
  const subject = `Conflict of ${name} with subtask ${conflict.subtaskId}, with markers`;
  const commit = await commitTree(job, { tree: conflict.tree, parents: [head, conflict.commit], subject });
  await keep(job, `${name}/${job.effect}-conflict`, commit);
}
