/** Removes everything of a job from the repository: worktrees, branches, refs, folder. For one that never came to be. */

import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { OrchError } from "../../core/errors.ts";
import { resultBranch } from "../../core/job-paths.ts";
import { gitFailed } from "./git.ts";
import type { JobRepository } from "./job-repository.ts";

/** Safe to run again, however far an earlier call came. */
export async function discardJob(job: JobRepository): Promise<void> {
  await removeWorktrees(job);
  await removeRefs(job);
  await rm(job.paths.job, { recursive: true, force: true });
}

async function removeWorktrees(job: JobRepository): Promise<void> {
  const all = join(job.repository.gitDir, "worktrees");
  for (const id of await readdir(all).catch(() => [])) {
    const admin = join(all, id);
    const pointer = (await readFile(join(admin, "gitdir"), "utf8").catch(() => "")).trimEnd();
    const gitFile = resolve(admin, pointer);
    if (pointer === "" || !gitFile.startsWith(job.paths.worktrees + sep)) continue;
    // The folder goes first, so that git knows it until then.
    await rm(dirname(gitFile), { recursive: true, force: true });
    await rm(admin, { recursive: true, force: true });
  }
}

async function removeRefs(job: JobRepository): Promise<void> {
  const { jobId } = job.scope;
  const names = [`refs/heads/${resultBranch(jobId)}`, `refs/heads/orch/${jobId}/`, `refs/orch/${jobId}/`];
  const refs = await job.refs.run(["for-each-ref", "--format=delete %(refname) %(objectname)", ...names]);
  if (refs === "") return;
  const result = await job.refs.attempt(["update-ref", "--no-deref", "--stdin"], { input: refs });
  if (result.exitCode === 0) return;
  throw new OrchError(`what is left of job ${jobId} could not be removed`, {
    code: "leftovers",
    hint: "remove its branches and refs by hand, or use another job id",
    cause: gitFailed(["update-ref"], result),
  });
}
