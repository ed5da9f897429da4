/** Copies files such as `.env` from the user's checkout into a worktree. Follows no link, overwrites nothing. */

import { constants, lstat, mkdir, open, realpath } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { pathProblem } from "./repo-path.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const CHUNK_BYTES = 64 * 1024;
const IN_ITS_PLACE = "a link or a folder is in its place in the worktree";

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
  if (target === "other") throw refused(path, IN_ITS_PLACE);
  await using source = await open(join(from, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    throw linkOr(error, path, "it is not a plain file, or a link leads to it");
  });
  const { mode, dev, ino } = await source.stat();
  const isWhatWasSeen = await standsAt(from, path, { dev, ino });
  if (!isWhatWasSeen) throw refused(path, "it was replaced while it was read");
  await makeFolders(to, path);
  await using copy = await open(join(to, path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode & 0o777).catch(
    (error: unknown) => {
      throw linkOr(error, path, IN_ITS_PLACE);
    },
  );
  // The file is empty yet: only now, where it turns out to be in the worktree, something secret is written to it.
  if (!(await standsAt(to, path, await copy.stat()))) throw refused(path, IN_ITS_PLACE);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return;
    await copy.writeFile(chunk.subarray(0, bytesRead));
  }
}

/** Whether the path, without a link in any part of it, is that very file. */
async function standsAt(root: string, path: string, file: { dev: number; ino: number }): Promise<boolean> {
  if ((await kindAt(root, path)) !== "file") return false;
  const found = await lstat(join(root, path)).catch(() => undefined);
  const real = await realpath(join(root, path)).catch(() => "");
  return found?.ino === file.ino && found.dev === file.dev && real === join(await realpath(root), path);
}

/** One by one, as making all at once would go through a link that was put there meanwhile. */
async function makeFolders(root: string, path: string): Promise<void> {
  const parts = dirname(path) === "." ? [] : dirname(path).split("/");
  for (const index of parts.keys()) {
    const folder = join(root, ...parts.slice(0, index + 1));
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    if (!(await lstat(folder)).isDirectory()) throw refused(path, IN_ITS_PLACE);
  }
}

function linkOr(error: unknown, path: string, reason: string): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  return ["ELOOP", "EEXIST", "ENOTDIR", "EISDIR", "ENXIO"].includes(code) ? refused(path, reason) : error;
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
