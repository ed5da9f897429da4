/** Finds what git keeps of a linked worktree, without believing the `.git` file that an agent could have swapped. */

import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Worktree } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import type { JobRepository } from "./job-repository.ts";

/** The folder `<git directory>/worktrees/<id>` of the worktree at `path`; null if git knows none there. */
export async function findAdminFolder(gitDir: string, path: string): Promise<string | null> {
  const all = join(gitDir, "worktrees");
  const gitFile = join(path, ".git").normalize();
  for (const id of await readdir(all).catch(() => [])) {
    const pointer = await readFile(join(all, id, "gitdir"), "utf8").catch(() => "");
    // Relative when the user has set worktree.useRelativePaths.
    if (pointer && resolve(all, id, pointer.trimEnd()).normalize() === gitFile) return join(all, id);
  }
  return null;
}

/** Throws unless the worktree's folder is there. */
export async function requireFolder(worktree: Worktree): Promise<void> {
  const found = await lstat(worktree.path).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new OrchError(`the worktree ${worktree.path} is gone`, {
    code: "worktree-missing",
    hint: `what the agents wrote is kept under refs/orch; retry ${worktree.name} to make its worktree anew`,
  });
}

/**
 * Makes `.git` in the worktree point at git's own folder again if somebody changed it, so that neither the agent's next
 * turn nor a person who looks around there runs git on something else. What lay there is moved aside, not deleted.
 */
export async function restoreGitFile(job: JobRepository, worktree: Worktree): Promise<void> {
  const admin = await findAdminFolder(job.repository.gitDir, worktree.path);
  if (admin === null) return;
  const path = join(worktree.path, ".git");
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile()) {
    const target = /^gitdir: (.*?)\n?$/.exec(await readFile(path, "utf8"))?.[1];
    if (target !== undefined && resolve(worktree.path, target) === admin) return;
  }
  if (found) {
    job.scope.log.warn("the worktree's .git was changed: put back", { worktree: worktree.name });
    const aside = join(job.paths.job, "replaced-git", `${worktree.name}-${job.effect}`);
    await mkdir(join(job.paths.job, "replaced-git"), { recursive: true });
    await rm(aside, { recursive: true, force: true });
    await rename(path, aside);
  }
  await writeFile(path, `gitdir: ${admin}\n`, { flag: "wx" });
}

/** Whether the folder is there and holds anything. */
export async function isOccupied(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return false;
  return !found.isDirectory() || (await readdir(path)).length > 0;
}

/** Whether anything is there, be it a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
