/** Checks how an agent resolved a conflict: nothing left over, nothing dropped silently, nothing else undone. */

import type { ConcludeConflictInput } from "../../core/coding.ts";
import { printable } from "../../core/ids.ts";
import { hasLeftovers, markerProblem } from "./conflict-markers.ts";
import { type ConflictingFile, readConflicting } from "./conflicting-files.ts";
import { inspectTree } from "./inspect-tree.ts";
import type { JobRepository } from "./job-repository.ts";
import { mergeCommits, sideLabel } from "./merge.ts";
import { isBinary, isDropped, sideWork } from "./side-lines.ts";
import { ABSENT, blobText, type Change, GITLINK, treeChanges } from "./tree-diff.ts";

/** A side of which nothing is left in a file. Right at times, but never without being asked. */
export interface DroppedSide {
  readonly file: string;
  /** Whose work it was: a subtask's id, or the name of the worktree for what was there before. */
  readonly side: string;
}

export interface ResolutionCheck {
  /** What is wrong in any case, each a sentence for the agent. */
  readonly problems: readonly string[];
  readonly dropped: readonly DroppedSide[];
}

/** `resolved` is the tree of the worktree after the agent's turn. */
export async function checkResolution(
  job: JobRepository,
  { worktree, head, conflict }: ConcludeConflictInput,
  resolved: string,
): Promise<ResolutionCheck> {
  const sides = { head, incoming: conflict.commit, headName: worktree.name, incomingName: conflict.subtaskId };
  const { stages } = await mergeCommits(job, sides);
  const inspection = await inspectTree(job.trees, conflict.tree, resolved, job.scope.redact);
  const outside = inspection.changes.filter(({ path }) => !conflict.files.includes(path));
  const files = await readConflicting(job, stages, resolved);
  const elsewhere = await textsOf(job, outside);
  const labels = [sideLabel(worktree.name, head), sideLabel(conflict.subtaskId, conflict.commit)];
  const problems = [
    ...inspection.problems,
    ...files
      .filter((file) => hasLeftovers(file.resolved, [file.ours, file.theirs]))
      .map(({ path }) => markerProblem(path)),
    ...(await leftoverNames(job, head, resolved, labels)),
    ...(await undoneChanges(job, head, conflict.tree, outside, `subtask ${conflict.subtaskId}`)),
    ...(await undoneChanges(job, conflict.commit, conflict.tree, outside, "an earlier subtask")),
  ];
  return {
    problems: [...new Set(problems)],
    dropped: files.flatMap((file) => droppedSides(file, elsewhere, worktree.name, conflict.subtaskId)),
  };
}

export function droppedProblem({ file, side }: DroppedSide, incoming: string): string {
  const whose = side === incoming ? `subtask ${side} wrote` : `was there before subtask ${incoming} came in`;
  return `Nothing of what ${whose} in "${printable(file)}" is left: bring both sides together. If leaving it out is right, leave it out and say why.`;
}

/** Of a binary file only one version can be kept, so there is nothing to ask. */
function droppedSides(
  file: ConflictingFile,
  elsewhere: readonly string[],
  ours: string,
  theirs: string,
): DroppedSide[] {
  const { path, base } = file;
  if ([base, file.ours, file.theirs].some(isBinary)) return [];
  const dropped = (side: string, other: string) => isDropped(sideWork(base, side, other), file.resolved, elsewhere);
  return [
    ...(dropped(file.ours, file.theirs) ? [{ file: path, side: ours }] : []),
    ...(dropped(file.theirs, file.ours) ? [{ file: path, side: theirs }] : []),
  ];
}

async function textsOf(job: JobRepository, changes: readonly Change[]): Promise<string[]> {
  const present = changes.filter(({ newMode }) => newMode !== ABSENT && newMode !== GITLINK);
  return Promise.all(present.map(({ newId }) => blobText(job.trees, newId)));
}

/** Git keeps a file that a folder stands in the way of as `path~label`. */
async function leftoverNames(
  job: JobRepository,
  head: string,
  resolved: string,
  labels: readonly string[],
): Promise<string[]> {
  return (await treeChanges(job.trees, head, resolved))
    .filter(({ path, newMode }) => newMode !== ABSENT && labels.some((label) => path.includes(`~${label}`)))
    .map(
      ({ path }) =>
        `"${printable(path, 200)}" has a name that the merge made up: move what is in it to where it belongs.`,
    );
}

/**
 * Changes that the merge brought to the side `from`, in files without a conflict, and that the resolution took back.
 * `outside` is what the resolution changed in such files.
 */
async function undoneChanges(
  job: JobRepository,
  from: string,
  merged: string,
  outside: readonly Change[],
  whose: string,
): Promise<string[]> {
  if (outside.length === 0) return [];
  const brought = new Map((await treeChanges(job.trees, from, merged)).map((change) => [change.path, change]));
  return outside.flatMap(({ path, newMode, newId }) => {
    const before = brought.get(path);
    const isGone = newMode === ABSENT;
    if (!before || !(isGone || (newMode === before.oldMode && newId === before.oldId))) return [];
    return [
      `"${printable(path)}" did not conflict, but you ${isGone ? "deleted it" : `took back what ${whose} changed in it`}: put it back as the merge had it.`,
    ];
  });
}
