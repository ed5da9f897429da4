/** Remembers which files of the user's checkout were copied into the worktrees: they hold secrets and are never committed. */

import { readFile } from "node:fs/promises";
import { replaceFile } from "./job-git-directory.ts";
import { type JobRepository, notePath } from "./job-repository.ts";

export async function readCopied(job: JobRepository): Promise<string[]> {
  const text = await readFile(notePath(job, "copied.json"), "utf8").catch(() => "[]");
  return JSON.parse(text) as string[];
}

/** Call it before the files are copied, and one call at a time. */
export async function rememberCopied(job: JobRepository, paths: readonly string[]): Promise<void> {
  const known = await readCopied(job);
  const all = [...new Set([...known, ...paths])].sort();
  if (all.length > known.length) await replaceFile(notePath(job, "copied.json"), JSON.stringify(all));
}
