/** Removes a job's worktrees and refs so that a kill at any instant leaves what the next call can finish. */

import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gitFailed, isLocked } from "./git.ts";
import type { RemainingRef, RemainingWorktree } from "./job-remains.ts";
import type { JobRepository } from "./job-repository.ts";
import { WorkingTree } from "./working-tree.ts";

const LOCK_TRIES = 12;

/** What lies here was decided to be removed: it is no worktree any more. */
const binOf = (job: JobRepository): string => join(job.paths.job, "removed");

/** First it is out of its place, as a whole; then its files go. Half a worktree would look like one that was changed. */
export async function removeWorktree(job: JobRepository, worktree: RemainingWorktree): Promise<void> {
  if (worktree.isThere) await discard(job, worktree.path);
  if (worktree.admin !== null) await discard(job, worktree.admin);
  await WorkingTree.forget(job, worktree);
}

/** Deletes the refs as they were seen, all or none. Those that are gone by now are fine. */
export async function removeRefs(job: JobRepository, refs: readonly RemainingRef[]): Promise<void> {
  if (refs.length === 0) return;
  const args = ["update-ref", "--no-deref", "--stdin"];
  const input = refs.map(({ ref, commit }) => `delete ${ref} ${commit}\n`).join("");
  for (let tries = 1; ; tries++) {
    const result = await job.refs.attempt(args, { input });
    if (result.exitCode === 0) return;
    if (!isLocked(result.stderr) || tries === LOCK_TRIES) throw gitFailed(args, result);
    await sleep(25 * tries);
  }
}

/** What an earlier call was killed in the middle of, and folders that hold nothing any more. `isEmpty`: nothing is kept. */
export async function removeLeftovers(job: JobRepository, isEmpty: boolean): Promise<void> {
  await removeTree(binOf(job));
  if (isEmpty) await removeTree(job.paths.git);
  // Only if they are empty.
  const ours = [job.paths.worktrees, job.paths.job, dirname(job.paths.job)];
  for (const folder of [...ours, join(job.repository.gitDir, "worktrees")]) await rmdir(folder).catch(() => {});
}

async function discard(job: JobRepository, path: string): Promise<void> {
  const bin = binOf(job);
  await mkdir(bin, { recursive: true });
  const target = join(bin, randomBytes(6).toString("hex"));
  try {
    await rename(path, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    // The git directory may lie on another file system.
    if (code !== "EXDEV") throw error;
    await removeTree(path);
  }
  await removeTree(target);
}

/** A tool may have made folders that nobody may write to (as Go's module cache does). */
async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await makeWritable(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function makeWritable(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
