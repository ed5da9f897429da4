/** Keeps files out of commits that are too large for a repository, one by one or together. */

import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { printable } from "../../core/ids.ts";
import type { Git } from "./git.ts";
import { treeEntries } from "./tree-diff.ts";

export interface SizeLimits {
  /** The most bytes that a file may have which an agent wrote. */
  readonly fileBytes: number;
  /** The most that all files of one piece of work may have together. */
  readonly totalBytes: number;
}

const MB = 1024 * 1024;
export const DEFAULT_SIZE_LIMITS: SizeLimits = { fileBytes: 10 * MB, totalBytes: 100 * MB };

export interface TooLarge {
  /** To be left out. */
  readonly paths: readonly string[];
  /** Each a sentence for the agent. */
  readonly problems: readonly string[];
}

/** @param base commit or tree: a file that was larger than the limit there may stay so */
export async function findTooLarge(
  git: Git,
  root: string,
  paths: readonly string[],
  base: string,
  limits: SizeLimits,
): Promise<TooLarge> {
  const sizes: { path: string; bytes: number }[] = [];
  for (const path of [...paths].sort()) {
    const found = path.endsWith("/") ? undefined : await lstat(join(root, path)).catch(() => undefined);
    if (found?.isFile()) sizes.push({ path, bytes: found.size });
  }
  const over = sizes.filter(({ bytes }) => bytes > limits.fileBytes);
  const before = await sizesBefore(git, base, over);
  const large = over.filter(({ path, bytes }) => bytes > Math.max(limits.fileBytes, 2 * (before.get(path) ?? 0)));
  const rest = sizes.filter((one) => !large.includes(one)).sort((a, b) => b.bytes - a.bytes);
  const tooMuch = overTotal(rest, limits.totalBytes);
  return {
    paths: [...large, ...tooMuch].map(({ path }) => path),
    problems: [
      ...large.map(({ path, bytes }) => largeProblem(path, bytes, limits.fileBytes)),
      ...(tooMuch.length > 0 ? [totalProblem(rest, limits.totalBytes)] : []),
    ],
  };
}

async function sizesBefore(git: Git, base: string, files: readonly { path: string }[]): Promise<Map<string, number>> {
  const entries = await treeEntries(
    git,
    base,
    files.map(({ path }) => path),
  );
  const ids = [...entries.values()].map(({ id }) => `${id}\n`).join("");
  if (ids === "") return new Map();
  const lines = (await git.run(["cat-file", "--batch-check=%(objectsize)"], { input: ids })).split("\n");
  return new Map([...entries.keys()].map((path, index) => [path, Number(lines[index])]));
}

/** The largest, as many as it takes for the others to fit. */
function overTotal<T extends { bytes: number }>(largestFirst: readonly T[], limit: number): T[] {
  let total = largestFirst.reduce((sum, { bytes }) => sum + bytes, 0);
  return largestFirst.filter(({ bytes }) => {
    if (total <= limit) return false;
    total -= bytes;
    return true;
  });
}

const megabytes = (bytes: number): number => Math.ceil((10 * bytes) / MB) / 10;

function largeProblem(path: string, bytes: number, limit: number): string {
  return `"${printable(path)}" is ${megabytes(bytes)} MB large, more than the ${megabytes(limit)} MB that a committed file may have: remove it or name it in .gitignore.`;
}

function totalProblem(largestFirst: readonly { path: string; bytes: number }[], limit: number): string {
  const total = largestFirst.reduce((sum, { bytes }) => sum + bytes, 0);
  const names = largestFirst.slice(0, 3).map(({ path }) => `"${printable(path)}"`);
  return `The files that changed are ${megabytes(total)} MB large together, more than the ${megabytes(limit)} MB that may be committed (the largest: ${names.join(", ")}): remove what need not be kept, or name it in .gitignore.`;
}
