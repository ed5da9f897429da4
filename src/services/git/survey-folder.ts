/** Looks through a folder for what git would hang on, leave out silently, or cannot name. Follows no link. */

import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { printable } from "../../core/ids.ts";

export interface Survey {
  /** Pipes, sockets and devices, relative to the folder. */
  readonly special: readonly { readonly path: string; readonly kind: string }[];
  /** Folders that cannot be read, with the reason. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** What has a name that is no text, as far as it can be shown. */
  readonly unnamable: readonly string[];
}

/** `.git` of the folder itself is not looked into. */
export async function surveyFolder(root: string): Promise<Survey> {
  const special: { path: string; kind: string }[] = [];
  const unreadable: { path: string; reason: string }[] = [];
  const unnamable: string[] = [];
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      // One that a running program has just removed is no matter.
      if (error.code !== "ENOENT") unreadable.push({ path: folder ?? "", reason: error.code ?? "unknown" });
      return [] as Dirent[];
    });
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (path === ".git") continue;
      if (entry.name.includes("\ufffd")) unnamable.push(path);
      else if (entry.isDirectory()) waiting.push(path);
      else if (!entry.isFile() && !entry.isSymbolicLink()) special.push({ path, kind: kindOf(entry) });
    }
  }
  return { special, unreadable, unnamable };
}

export const specialProblem = ({ path, kind }: Survey["special"][number]): string =>
  `"${printable(path)}" is ${kind}, which cannot be part of a commit: remove it.`;

export const unreadableProblem = ({ path, reason }: Survey["unreadable"][number]): string =>
  `The folder "${printable(shortened(path))}" cannot be read (${reason}), so what is in it would be missing: make it readable and its path shorter, or remove it.`;

export const unnamableProblem = (path: string): string =>
  `The name of "${printable(shortened(path))}" is not text in UTF-8: give it another name.`;

const shortened = (path: string): string => (path.length > 70 ? `${path.slice(0, 30)}…${path.slice(-30)}` : path);

function kindOf(entry: Dirent): string {
  if (entry.isFIFO()) return "a named pipe";
  if (entry.isSocket()) return "a socket";
  return "a device";
}
