/** Compares two trees as data: no external diff, no text conversion, no attribute of a working tree. */

import type { DiffStat } from "../../core/coding.ts";
import type { Git, GitRunOptions } from "./git.ts";
import { checkedId } from "./job-repository.ts";

export interface Change {
  /** Relative to the root. */
  readonly path: string;
  /** `A`, `D`, `M` or `T` (another kind of file). */
  readonly status: string;
  /** Six octal digits; `000000` where there is no file. */
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: string;
  readonly newId: string;
}

export interface FileStat {
  readonly path: string;
  /** Null for a binary file. */
  readonly insertions: number | null;
  readonly deletions: number | null;
}

export const GITLINK = "160000";
export const SYMLINK = "120000";
export const ABSENT = "000000";
export const FOLDER = "040000";

/** A rename is a deletion and an addition. `from` and `to` are commits or trees. */
export async function treeChanges(git: Git, from: string, to: string): Promise<Change[]> {
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff"];
  return parseRaw(await git.run([...args, checkedId(from), checkedId(to)]));
}

/** What an index holds that `from` does not, and the other way round. */
export async function indexChanges(git: Git, from: string, options: GitRunOptions): Promise<Change[]> {
  const args = ["diff-index", "--cached", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff"];
  return parseRaw(await git.run([...args, checkedId(from)], options));
}

/** Lines added and removed in each file; a renamed file counts with what changed in it. */
export async function fileStats(git: Git, from: string, to: string): Promise<FileStat[]> {
  const args = ["diff-tree", "-r", "-z", "--numstat", "--find-renames", "--no-ext-diff", "--no-textconv"];
  return parseNumstat(await git.run([...args, checkedId(from), checkedId(to)]));
}

export async function diffStat(git: Git, from: string, to: string): Promise<DiffStat> {
  const files = await fileStats(git, from, to);
  const sum = (pick: (file: FileStat) => number | null) => files.reduce((total, file) => total + (pick(file) ?? 0), 0);
  return { files: files.length, insertions: sum((file) => file.insertions), deletions: sum((file) => file.deletions) };
}

/** Paths of text files in which a line that matches the (POSIX extended) expression came or went. */
export async function filesWithLine(git: Git, from: string, to: string, expression: string): Promise<string[]> {
  const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const output = await git.run([...args, `-G${expression}`, checkedId(from), checkedId(to)]);
  return output.split("\0").filter(Boolean);
}

/** The file's bytes as text; bytes that are not UTF-8 come out as U+FFFD. */
export function blobText(git: Git, id: string): Promise<string> {
  return git.run(["cat-file", "blob", checkedId(id)]);
}

function parseRaw(output: string): Change[] {
  const fields = output.split("\0");
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = "", newMode = "", oldId = "", newId = "", status = ""] = (fields[at] ?? "").slice(1).split(" ");
    changes.push({ path: fields[at + 1] ?? "", status: status.slice(0, 1), oldMode, newMode, oldId, newId });
  }
  return changes;
}

function parseNumstat(output: string): FileStat[] {
  const fields = output.split("\0");
  const stats: FileStat[] = [];
  const count = (text: string | undefined) => (text === undefined || text === "-" ? null : Number(text));
  for (let at = 0; at + 1 < fields.length; at++) {
    const [insertions, deletions, ...name] = (fields[at] ?? "").split("\t");
    let path = name.join("\t");
    if (path === "") {
      // A rename: the old and the new name follow as fields of their own.
      path = fields[at + 2] ?? "";
      at += 2;
    }
    stats.push({ path, insertions: count(insertions), deletions: count(deletions) });
  }
  return stats;
}

export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
}

/** What a commit or tree has at each of the paths. (`<tree>:<path>` would not do: `a-g1f0c…` is a revision to git.) */
export async function treeEntries(git: Git, tree: string, paths: readonly string[]): Promise<Map<string, TreeEntry>> {
  if (paths.length === 0) return new Map();
  return parseTree(await git.run(["ls-tree", "-z", "--full-tree", checkedId(tree), "--", ...paths]));
}

/** Reads what `git ls-tree -z` prints. */
export function parseTree(output: string): Map<string, TreeEntry> {
  const entries = output.split("\0").filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const tab = entry.indexOf("\t");
      const [mode = "", , id = ""] = entry.slice(0, tab).split(" ");
      return [entry.slice(tab + 1), { mode, id }];
    }),
  );
}
