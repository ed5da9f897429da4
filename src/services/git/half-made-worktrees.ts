/** Removes worktrees that git was killed in the middle of adding: one of them makes git refuse to add any other. */

import { readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { throwIfStopped } from "../../core/activity.ts";
import type { JobRepository } from "./job-repository.ts";

/** Git writes all that it keeps of a worktree within milliseconds. What is this old and incomplete was left behind. */
const LEFT_BEHIND_MS = 10_000;

/** Only orch's own: of this job at once, since nobody else adds them; of other jobs when nobody can be at it any more. */
export async function removeHalfMade(job: JobRepository): Promise<void> {
  const all = join(job.repository.gitDir, "worktrees");
  const allJobs = dirname(job.paths.job);
  for (const id of await readdir(all).catch(() => [])) {
    const admin = join(all, id);
    const pointer = (await readFile(join(admin, "gitdir"), "utf8").catch(() => "")).trimEnd();
    const gitFile = resolve(admin, pointer);
    if (pointer === "" || !gitFile.startsWith(allJobs + sep)) continue;
    const commonDir = await readFile(join(admin, "commondir"), "utf8").catch(() => "");
    const head = await readFile(join(admin, "HEAD"), "utf8").catch(() => "");
    if (commonDir.trim() !== "" && head.trim() !== "") continue;
    const isOurs = gitFile.startsWith(job.paths.worktrees + sep);
    const { mtimeMs } = await stat(admin).catch(() => ({ mtimeMs: Date.now() }));
    if (!isOurs && Date.now() - mtimeMs < LEFT_BEHIND_MS) continue;
    throwIfStopped(job.scope);
    job.scope.log.warn("a worktree that was never finished is removed", { path: dirname(gitFile) });
    // Nothing was checked out into it yet. A folder with anything else in it stays.
    await rm(gitFile, { force: true });
    await rmdir(dirname(gitFile)).catch(() => {});
    await rm(admin, { recursive: true, force: true });
  }
}
