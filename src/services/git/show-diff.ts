/** What the CLI and the server show of a job's changes: a diff as text, and the changed files with their counts. */

import type { DiffStat, Repository } from "../../core/coding.ts";
import { parseJobId } from "../../core/ids.ts";
import { jobPaths } from "../../core/job-paths.ts";
import { Git } from "./git.ts";
import { bareEnvironment } from "./git-environment.ts";
import { checkedId, treesGit } from "./job-repository.ts";
import { blobText, diffStat, type FileStat, fileStats, parseTree, SYMLINK } from "./tree-diff.ts";
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

export interface DiffFile extends FileStat {
  /** Set for a rename. */
  readonly oldPath: string | null;
  /** `A`, `D`, `M`, `R` or `T` (another kind of file). */
  readonly status: string;
}

/** The changed files in git's order, renames found, each with its counts. */
export async function diffFiles(request: DiffRequest): Promise<DiffFile[]> {
  const git = await diffGit(request);
  const args = ["diff-tree", "-r", "-z", "--name-status", "--find-renames", "--no-ext-diff", "--no-textconv"];
  const named = parseNames(await git.run([...args, checkedId(request.from), checkedId(request.to)]));
  const counts = new Map((await fileStats(git, request.from, request.to)).map((file) => [file.path, file]));
  return named.map((file) => {
    const { insertions = null, deletions = null } = counts.get(file.path) ?? {};
    return { ...file, insertions, deletions };
  });
}

/** One file's unified diff, as `showDiff`. The paths must be of `diffFiles`; `context`: unchanged lines around a change. */
export async function showFileDiff(
  request: DiffRequest,
  { path, oldPath }: Pick<DiffFile, "path" | "oldPath">,
  context = 3,
): Promise<string> {
  const git = await diffGit(request);
  const shape = ["-p", `--unified=${Math.trunc(context)}`, "--no-color"];
  const args = ["diff-tree", "-r", "--find-renames", "--no-ext-diff", "--no-textconv", ...shape];
  const paths = oldPath === null ? [path] : [oldPath, path];
  return git.run([...args, checkedId(request.from), checkedId(request.to), "--", ...paths], {
    // A file may be called "*.ts" or ":(top)".
    environment: { GIT_LITERAL_PATHSPECS: "1" },
  });
}

/** A file at a commit or tree; null where it is not there, or is no file. */
export async function fileAt(request: DiffRequest, tree: string, path: string): Promise<string | null> {
  const git = await diffGit(request);
  const listed = await git.run(["ls-tree", "-z", "--full-tree", checkedId(tree), "--", path], {
    environment: { GIT_LITERAL_PATHSPECS: "1" },
  });
  const entry = parseTree(listed).get(path);
  return entry?.mode.startsWith("100") || entry?.mode === SYMLINK ? blobText(git, entry.id) : null;
}

/** The commit that both have in common; null for none. */
export async function mergeBase(request: DiffRequest): Promise<string | null> {
  const git = await diffGit(request);
  const { exitCode, stdout } = await git.attempt(["merge-base", checkedId(request.from), checkedId(request.to)]);
  return exitCode === 0 ? stdout.trim() : null;
}

function parseNames(output: string): Pick<DiffFile, "path" | "oldPath" | "status">[] {
  const fields = output.split("\0");
  const files: Pick<DiffFile, "path" | "oldPath" | "status">[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const status = (fields[at] ?? "").slice(0, 1);
    const isRename = status === "R";
    files.push({
      status,
      path: fields[at + (isRename ? 2 : 1)] ?? "",
      oldPath: isRename ? (fields[at + 1] ?? "") : null,
    });
    at += isRename ? 3 : 2;
  }
  return files;
}
