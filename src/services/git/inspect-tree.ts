/** Looks at what an agent changed, and says what of it cannot be taken as it is. */

import { posix } from "node:path";
import { printable } from "../../core/ids.ts";
import type { Redact } from "../../core/redact.ts";
import { filesWithNewMarkers, markerProblem } from "./conflict-markers.ts";
import type { Git } from "./git.ts";
import { ABSENT, blobText, type Change, GITLINK, SYMLINK, treeChanges } from "./tree-diff.ts";

export interface Inspection {
  readonly changes: readonly Change[];
  /** Each a sentence for the agent. */
  readonly problems: readonly string[];
}

/** Compares the trees (or commits) `from` and `to`. */
export async function inspectTree(git: Git, from: string, to: string, redact: Redact): Promise<Inspection> {
  const changes = await treeChanges(git, from, to);
  const submodules = changes.filter(({ oldMode, newMode }) => oldMode === GITLINK || newMode === GITLINK);
  const problems = [
    ...submodules.map(gitlinkProblem),
    ...(await linkProblems(git, changes)),
    ...changes
      .filter(({ path, newMode }) => newMode !== ABSENT && redact(path) !== path)
      .map(secretNameProblem(redact)),
    ...(await filesWithNewMarkers(git, from, to, changes)).map(markerProblem),
  ];
  return { changes, problems };
}

function gitlinkProblem({ path, oldMode }: Change): string {
  return oldMode === GITLINK
    ? `"${printable(path)}" is a submodule and must stay one: make it an empty folder again.`
    : `"${printable(path)}" became a git repository of its own, so its files would be missing from the commit: remove "${printable(path)}/.git".`;
}

async function linkProblems(git: Git, changes: readonly Change[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { path, newMode, newId } of changes) {
    if (newMode !== SYMLINK) continue;
    const target = await blobText(git, newId);
    if (leavesTree(path, target)) {
      problems.push(
        `"${printable(path)}" is a symbolic link to "${printable(target)}", outside the repository: make it a file, or a relative link to one inside.`,
      );
    }
  }
  return problems;
}

/** Whatever is told and stored of the file would hold it, or miss it. */
const secretNameProblem =
  (redact: Redact) =>
  ({ path }: Change): string =>
    `The name of "${printable(redact(path))}" holds what looks like a credential: give it another name.`;

/** Whether a link at `path`, read as words, points out of the tree or into git's own data. */
export function leavesTree(path: string, target: string): boolean {
  if (target.startsWith("/")) return true;
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  // Behind a name, `..` means what that leads to, which may be another link: only in front it means what it says.
  if (parts.slice(parts.findIndex((part) => part !== "..")).includes("..") && parts.some((part) => part !== "..")) {
    return true;
  }
  const end = posix.normalize(posix.join(posix.dirname(path), target));
  return end === ".." || end.startsWith("../") || end.split("/").some((part) => part.toLowerCase() === ".git");
}
