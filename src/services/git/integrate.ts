/** Brings subtasks' work into a worktree's branch, one after the other, until git cannot decide by itself. */

import type { ActivityContext } from "../../core/activity.ts";
import type { Conflict, Incoming, IntegrateInput, IntegrateOutput } from "../../core/coding.ts";
import { commitTree, relation, summarize } from "./commits.ts";
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
  const { states, merged, conflict } = await mergeAll(job, worktree.name, checkedId(input.head), input.incoming);
  const last = states.at(-1) as State;
  const current = await readRef(job.refs, branchRef(worktree.branch));
  if (current === null || !states.some(({ commit }) => commit === current)) {
    throw branchMoved(worktree.branch, current, input.head);
  }

  await using files = await WorkingTree.open(job, worktree);
  const { tree: found } = await files.snapshot(input.head);
  const isKnown = found === conflict?.tree || states.some(({ tree }) => tree === found);
  if (!isKnown) {
    const subject = `What was in ${worktree.name} before a merge`;
    const commit = await commitTree(job, { tree: found, parents: [input.head], subject });
    await keep(job, `${worktree.name}/${job.effect}-before`, commit);
  }
  if (conflict) await keepConflict(job, worktree.name, last.commit, conflict);
  await moveBranch(job, worktree.branch, { from: current, to: last.commit });
  await files.checkOut(conflict?.tree ?? last.tree);
  await files.publish();
  return { head: last.commit, merged, conflict };
}

interface State {
  readonly commit: string;
  readonly tree: string;
}

interface Merges {
  /** Where the branch is: at first, and after each merge. */
  readonly states: readonly State[];
  readonly merged: readonly string[];
  readonly conflict: Conflict | null;
}

async function mergeAll(
  job: JobRepository,
  name: string,
  start: string,
  incoming: readonly Incoming[],
): Promise<Merges> {
  const known = await summarize(job, [start, ...incoming.map(({ commit }) => commit)]);
  const summary = (commit: string) => known.get(commit) ?? { tree: "", subject: "" };
  let head: State = { commit: start, tree: summary(start).tree };
  const states = [head];
  const merged: string[] = [];
  for (const one of incoming) {
    const { tree, subject } = summary(one.commit);
    const how = await relation(job, head.commit, one.commit);
    if (how === "ahead") {
      // A fast-forward where one will do: the subtask's own commit says whose it is, and a merge would add nothing.
      head = { commit: one.commit, tree };
    } else if (how === "diverged") {
      const sides = { head: head.commit, incoming: one.commit, headName: name, incomingName: one.subtaskId };
      const merge = await mergeCommits(job, sides);
      const { files, descriptions } = merge;
      if (!merge.clean) return { states, merged, conflict: { ...one, files, tree: merge.tree, descriptions } };
      head = {
        commit: await commitMerge(job, one, { tree: merge.tree, head: head.commit, subject }),
        tree: merge.tree,
      };
    }
    if (how !== "included") states.push(head);
    merged.push(one.subtaskId);
  }
  return { states, merged, conflict: null };
}

export function commitMerge(
  job: JobRepository,
  { subtaskId, commit }: Incoming,
  merge: { readonly tree: string; readonly head: string; readonly subject: string; readonly body?: string },
): Promise<string> {
  return commitTree(job, {
    tree: merge.tree,
    parents: [merge.head, commit],
    // The subject of what comes in says what it is about.
    subject: `Merge subtask ${subtaskId}: ${merge.subject}`,
    body: merge.body ?? "",
    subtaskId,
  });
}

/** So that the tree with its markers is there for as long as the agent, or a person, may need it. */
async function keepConflict(job: JobRepository, name: string, head: string, conflict: Conflict): Promise<void> {
  const subject = `Conflict of ${name} with subtask ${conflict.subtaskId}, with markers`;
  const commit = await commitTree(job, { tree: conflict.tree, parents: [head, conflict.commit], subject });
  await keep(job, `${name}/${job.effect}-conflict`, commit);
}
