/** Copies files such as `.env` from the user's checkout into a worktree. Follows no link, overwrites nothing. */

import { constants, copyFile, lstat, mkdir } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { pathProblem } from "./repo-path.ts";

/** The paths in their shortest form, each once. Throws if one is absolute, leaves the repository or is git's own data. */
export function normalPaths(paths: readonly string[]): string[] {
  return [...new Set(paths.map(normalPath))];
}

/** `paths` as `normalPaths` returns them. What is there already stays. Returns the paths that `from` does not have. */
export async function copyFiles(
  from: string,
  to: string,
  paths: readonly string[],
): Promise<{ readonly missing: readonly string[] }> {
  const missing: string[] = [];
  for (const path of paths) {
    const source = await kindAt(from, path);
    if (source === "missing") missing.push(path);
    else if (source !== "file") throw refused(path, "it is not a plain file, or a link leads to it");
    else await copyOne(from, to, path);
  }
  return { missing };
}

async function copyOne(from: string, to: string, path: string): Promise<void> {
  const target = await kindAt(to, path);
  if (target === "file") return;
  if (target === "other") throw refused(path, "a link or a folder is in its place in the worktree");
  await mkdir(dirname(join(to, path)), { recursive: true });
  await copyFile(join(from, path), join(to, path), constants.COPYFILE_EXCL);
}

/** Looks at every part of the path below `root`: a link anywhere makes it `other`. */
async function kindAt(root: string, path: string): Promise<"file" | "missing" | "other"> {
  const parts = path.split("/");
  for (const [index] of parts.entries()) {
    const found = await lstat(join(root, ...parts.slice(0, index + 1))).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (!found) return "missing";
    const isLast = index === parts.length - 1;
    if (isLast ? !found.isFile() : !found.isDirectory()) return "other";
  }
  return "file";
}

function normalPath(path: string): string {
  const problem = pathProblem(path);
  if (problem !== undefined) throw refused(path, problem);
  return posix.normalize(path).replace(/\/$/, "");
}

function refused(path: string, reason: string): OrchError {
  return new OrchError(`"${printable(path)}" cannot be copied into the worktrees: ${reason}`, {
    code: "copy-refused",
    hint: `correct "copy" in orch.config.json: it names plain files, relative to the repository's root`,
  });
}
