/** Takes what an agent made of a conflict: a merge commit if it passes the checks, else the reasons why not. */

import type { ActivityContext } from "../../core/activity.ts";
import type { ConcludeConflictInput, ConcludeConflictOutput } from "../../core/coding.ts";
import { printable } from "../../core/ids.ts";
import { checkResolution, type DroppedSide, droppedProblem } from "./check-resolution.ts";
import { commitTree, madeByJob, summarize } from "./commits.ts";
import { DEFAULT_SIZE_LIMITS } from "./file-sizes.ts";
import { commitMerge } from "./integrate.ts";
import { checkedId, checkWorktree, openJobRepository } from "./job-repository.ts";
import { branchRef, keep, moveBranch, readRef } from "./refs.ts";
import { WorkingTree } from "./working-tree.ts";

/**
 * A resolution that drops a whole side of a file is asked about once. If the agent leaves it out again, that is its
 * answer: some conflicts (two values for one setting) have no other, and the merge commit says what was left out.
 */
export async function concludeConflict(
  input: ConcludeConflictInput,
  context: ActivityContext,
  limits = DEFAULT_SIZE_LIMITS,
): Promise<ConcludeConflictOutput> {
  const job = openJobRepository(input.repository, context);
  const worktree = checkWorktree(job, input.worktree);
  const { head, conflict } = input;
  const current = await readRef(job.refs, branchRef(worktree.branch));
  await using files = await WorkingTree.open(job, worktree);
  if (current !== null && current !== head && (await madeByJob(job, current, context.effectId))) {
    // An earlier attempt was stopped just before its end.
    await files.setIndex(current);
    await files.publish();
    return { head: current, problems: [] };
  }
  const { tree, problems: left } = await files.snapshot(checkedId(conflict.tree), limits);
  const title = `How ${worktree.name} and subtask ${conflict.subtaskId} were brought together, as it was left`;
  const kept = await commitTree(job, { tree, parents: [head, conflict.commit], subject: title });
  await keep(job, `${worktree.name}/${job.effect}`, kept);

  const check = await checkResolution(job, { ...input, worktree }, tree);
  const asked = askedBefore(context, input);
  const silent = check.dropped.filter((side) => !asked.some((one) => one.file === side.file && one.side === side.side));
  const problems = [...left, ...check.problems, ...silent.map((side) => droppedProblem(side, conflict.subtaskId))];
  if (problems.length > 0) {
    context.putArtifact(artifactName(input), {
      head,
      commit: conflict.commit,
      asked: [...asked, ...silent].map((one) => ({ ...one })),
    });
    return { head: null, problems };
  }
  const subject = (await summarize(job, [conflict.commit])).get(conflict.commit)?.subject ?? "";
  const body = mergeBody(conflict.files, check.dropped);
  const commit = await commitMerge(job, conflict, { tree, head, subject, body });
  await moveBranch(job, worktree.branch, { from: head, to: commit });
  await files.setIndex(tree);
  await files.publish();
  return { head: commit, problems: [] };
}

function mergeBody(files: readonly string[], dropped: readonly DroppedSide[]): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [[title, ...lines.map((line) => `- ${line}`)].join("\n")];
  return [
    ...list(
      "Conflicts, decided by an agent:",
      files.map((file) => printable(file, 200)),
    ),
    ...list(
      "Left out on purpose (the agent was asked):",
      dropped.map(({ file, side }) => `${printable(file, 200)}: what ${side} wrote`),
    ),
  ].join("\n\n");
}

const artifactName = ({ worktree, conflict }: ConcludeConflictInput): string =>
  `conflict-${worktree.name}-${conflict.subtaskId}`;

/** What an earlier call asked about the same conflict. */
function askedBefore(context: ActivityContext, input: ConcludeConflictInput): readonly DroppedSide[] {
  const known = context.getArtifact(artifactName(input)) as
    | { readonly head: string; readonly commit: string; readonly asked: readonly DroppedSide[] }
    | undefined;
  return known?.head === input.head && known.commit === input.conflict.commit ? known.asked : [];
}
