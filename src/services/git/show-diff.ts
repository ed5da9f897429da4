/** What the CLI and the server show of a job's changes: a diff as text, and the changed files with their counts. */

import type { DiffStat, Repository } from "../../core/coding.ts";
import { parseJobId } from "../../core/ids.ts";
import { jobPaths } from "../../core/job-paths.ts";
import { Git } from "./git.ts";
import { bareEnvironment } from "./git-environment.ts";
import { checkedId, treesGit } from "./job-repository.ts";
import { diffStat, type FileStat, fileStats } from "./tree-diff.ts";
import { exists } from "./worktree-folder.ts";

export interface DiffRequest {
  readonly repository: Repository;
  readonly jobId: string;
  /** Commits or trees, as full ids. */
  readonly from: string;
  readonly to: string;
  readonly signal?: AbortSignal;
}

/** A unified diff, without colours: contents are as the agents wrote them, so clean it before it reaches a terminal. */
export async function showDiff(request: DiffRequest): Promise<string> {
  const git = await diffGit(request);
  const args = ["diff-tree", "-p", "-r", "--find-renames", "--no-ext-diff", "--no-textconv", "--no-color"];
  return git.run([...args, checkedId(request.from), checkedId(request.to)]);
}

export async function diffstat(request: DiffRequest): Promise<DiffStat> {
  return diffStat(await diffGit(request), request.from, request.to);
}

export async function changedFiles(request: DiffRequest): Promise<FileStat[]> {
  return fileStats(await diffGit(request), request.from, request.to);
}

/** The job's own git directory; the repository's if a person has removed the job's folder. Neither has a working tree. */
async function diffGit({ repository, jobId, signal }: DiffRequest): Promise<Git> {
  const paths = jobPaths(repository.root, parseJobId(jobId));
  if (await exists(`${paths.git}/HEAD`)) return treesGit(repository, paths, { signal });
  return new Git({ gitDir: repository.gitDir, environment: bareEnvironment(), signal });
}
