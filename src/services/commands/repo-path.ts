/** Paths inside a repository that somebody else wrote: checked as words here, and against the disk in `resolveInside`. */

import { lstat, realpath } from "node:fs/promises";
import { isAbsolute, join, posix, sep } from "node:path";
import { printable } from "../../core/ids.ts";

/**
 * Why `path`, read from `directory` (both relative to the root), cannot be used; undefined if nothing speaks against it.
 * Looks at the words only: links are found by `resolveInside`.
 */
export function pathProblem(path: string, directory = "."): string | undefined {
  const name = `"${printable(path)}"`;
  if (path.includes("\0")) return `${name} holds a NUL character`;
  if (path.startsWith("/") || isAbsolute(path)) {
    return `${name} is absolute: give a path relative to the worktree`;
  }
  const normal = posix.normalize(posix.join(directory, path));
  if (normal === ".." || normal.startsWith("../")) return `${name} leaves the repository`;
  if (normal.split("/").some((part) => part.toLowerCase() === ".git")) return `${name} is git's own data`;
  return undefined;
}

export type Resolved =
  | { readonly ok: true /** Absolute, without links. */; readonly path: string; readonly kind: "file" | "directory" }
  | { readonly ok: false; readonly reason: string };

/** Follows `path` on the disk and makes sure that it ends inside `root`, as a plain file or a directory. */
export async function resolveInside(root: string, directory: string, path: string): Promise<Resolved> {
  const problem = pathProblem(path, directory);
  if (problem !== undefined) return { ok: false, reason: problem };
  const name = `"${printable(path)}"`;
  try {
    const realRoot = await realpath(root);
    const real = await realpath(join(realRoot, directory, path));
    if (real !== realRoot && !real.startsWith(realRoot + sep)) {
      return { ok: false, reason: `${name} is a link that leaves the repository` };
    }
    const inside = real.slice(realRoot.length + 1);
    if (pathProblem(inside) !== undefined) return { ok: false, reason: `${name} is a link to git's own data` };
    const stat = await lstat(real);
    if (stat.isFile()) return { ok: true, path: real, kind: "file" };
    if (stat.isDirectory()) return { ok: true, path: real, kind: "directory" };
    return { ok: false, reason: `${name} is neither a file nor a directory` };
  } catch (error) {
    return { ok: false, reason: `${name} cannot be read: ${describeFailure(error)}` };
  }
}

function describeFailure(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file or directory";
  if (code === "ELOOP") return "its links lead in a circle";
  return typeof code === "string" ? code : "unknown reason";
}
