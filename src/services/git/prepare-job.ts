/** Makes a job's folders in the target repository, and keeps them out of the user's `git status`. */

import { appendFile, lstat, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ActivityContext } from "../../core/activity.ts";
import type { PrepareJobInput, Repository } from "../../core/coding.ts";
import { UsageError } from "../../core/errors.ts";
import { makeJobGitDirectory } from "./job-git-directory.ts";
import { openJobRepository } from "./job-repository.ts";

const EXCLUDE_LINE = "/.codex/jobs/";

export async function prepareJob({ repository }: PrepareJobInput, context: ActivityContext): Promise<null> {
  const job = openJobRepository(repository, context);
  await makeJobsFolder(repository);
  await mkdir(job.paths.worktrees, { recursive: true });
  await makeJobGitDirectory(job);
  return null;
}

/** Where all jobs of a repository keep their files. @throws UsageError `job-folder-in-the-way` */
export async function makeJobsFolder({ root, gitDir }: Pick<Repository, "root" | "gitDir">): Promise<void> {
  await refuseLinks(root);
  // First the line, then the folder: at no moment does `git status` show it.
  await excludeJobs(gitDir);
  await mkdir(join(root, ".codex", "jobs"), { recursive: true });
}

/** A repository can hold `.codex` as a link to anywhere: the job would write there. */
export async function refuseLinks(root: string): Promise<void> {
  for (const path of [join(root, ".codex"), join(root, ".codex", "jobs")]) {
    const found = await lstat(path).catch(() => undefined);
    if (found && !found.isDirectory()) {
      throw new UsageError(`${path} is not a folder, so the job cannot keep its files there`, {
        code: "job-folder-in-the-way",
        hint: `move ${path} away`,
      });
    }
  }
}

/** Appends, so that a file which the user has linked from elsewhere stays linked, and two jobs cannot undo each other. */
async function excludeJobs(gitDir: string): Promise<void> {
  const path = join(gitDir, "info", "exclude");
  const content = await readFile(path, "utf8").catch(() => "");
  if (content.split(/\r?\n/).includes(EXCLUDE_LINE)) return;
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${content === "" || content.endsWith("\n") ? "" : "\n"}${EXCLUDE_LINE}\n`);
}
