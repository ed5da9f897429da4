/** Finds the lines that git writes around a conflict, and tells those that belong to a file from those left behind. */

import { printable } from "../../core/ids.ts";
import type { Git } from "./git.ts";
import { ABSENT, blobText, type Change, filesWithLine, GITLINK } from "./tree-diff.ts";

/** POSIX extended, for git's own search. */
const MARKER_EXPRESSION = "^(<<<<<<<|>>>>>>>)";
const MARKER = /^(?:<{7,}|>{7,})(?: |$)/;
const INNER_MARKER = /^(?:={7,}$|\|{7,}(?: |$))/;

/** The changed files that have more conflict markers than they had before. */
export async function filesWithNewMarkers(
  git: Git,
  from: string,
  to: string,
  changes: readonly Change[],
): Promise<string[]> {
  const candidates = new Set(await filesWithLine(git, from, to, MARKER_EXPRESSION));
  const found: string[] = [];
  for (const change of changes) {
    if (!candidates.has(change.path) || change.newMode === ABSENT || change.newMode === GITLINK) continue;
    const before = change.oldMode === ABSENT || change.oldMode === GITLINK ? "" : await blobText(git, change.oldId);
    if (hasNewMarkers(await blobText(git, change.newId), [before])) found.push(change.path);
  }
  return found;
}

/** Whether `text` has more markers than any of the versions that it was made from. */
export function hasNewMarkers(text: string, versions: readonly string[]): boolean {
  const most = Math.max(0, ...versions.map((version) => count(version, MARKER)));
  return count(text, MARKER) > most;
}

/** As `hasNewMarkers`, also for the lines between the sides: only where a conflict is known to have been. */
export function hasLeftovers(text: string, versions: readonly string[]): boolean {
  const most = Math.max(0, ...versions.map((version) => count(version, INNER_MARKER)));
  return hasNewMarkers(text, versions) || count(text, INNER_MARKER) > most;
}

export const markerProblem = (path: string): string =>
  `"${printable(path)}" still has conflict markers (<<<<<<<, =======, >>>>>>>): decide what belongs there and remove them.`;

function count(text: string, pattern: RegExp): number {
  return text.split(/\r?\n/).filter((line) => pattern.test(line)).length;
}
