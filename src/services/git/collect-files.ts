/** Brings an index up to what lies in the working tree, and says what of it cannot be part of a commit. */

import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { printable } from "../../core/ids.ts";
import { readCopied } from "./copied-paths.ts";
import { DEFAULT_SIZE_LIMITS, findTooLarge, type SizeLimits } from "./file-sizes.ts";
import type { GitRunOptions } from "./git.ts";
import { baseGitlinks } from "./job-git-directory.ts";
import type { JobRepository } from "./job-repository.ts";
import { isOpenedByGit, type ReadyFolder } from "./ready-folder.ts";
import { type Survey, specialProblem, unnamableProblem, unreadableProblem } from "./survey-folder.ts";
import { ABSENT, GITLINK, indexChanges } from "./tree-diff.ts";

/** Where the files are, and the index that is brought up to them. */
export type TreeOptions = GitRunOptions & { readonly workTree: string; readonly index: string };

/** A repository in a repository in a repository … is looked into this deep. */
const DEEPEST_NESTING = 5;
/** More names would say no more. */
const MOST_NAMED = 50;

/**
 * The index must hold `base`, and the folder must be ready. Returns the problems, each a sentence for the agent.
 */
export async function collectFiles(
  job: JobRepository,
  options: TreeOptions,
  base: string,
  { survey, problems: removed }: ReadyFolder,
  limits: SizeLimits = DEFAULT_SIZE_LIMITS,
): Promise<string[]> {
  const changed = await listChanged(job, options);
  const copied = new Set(await readCopied(job));
  const gitlinks = await baseGitlinks(job);
  const nested = changed.filter((path) => path.endsWith("/")).map((path) => path.slice(0, -1));
  const inNested = (await Promise.all(nested.map((path) => listNested(job, options, path, DEEPEST_NESTING)))).flat();
  const large = await findTooLarge(job.trees, options.workTree, [...changed, ...inNested], base, limits);
  const left = new Set([...copied, ...large.paths]);

  // Only what git would take: `git add` fails when it is told to leave out a path that is ignored anyway.
  const without = changed.filter((path) => left.has(path));
  const unreadable = changed.length === 0 ? [] : await addAll(job, options, [...without, ...nested]);
  await addFiles(
    job,
    options,
    inNested.filter((path) => !left.has(path) && !path.includes("\ufffd")),
  );
  if (gitlinks.length > 0) await restoreGitlinks(job, options, base);
  return [
    ...nested.map(nestedProblem),
    ...large.problems,
    ...removed,
    ...(await surveyProblems(job, options, survey)),
    ...(await submoduleProblems(options.workTree, gitlinks)),
    ...unreadable,
  ];
}

/** Of what git does not ignore. */
async function surveyProblems(job: JobRepository, options: TreeOptions, survey: Survey): Promise<string[]> {
  const special = survey.special.filter(({ path }) => !isOpenedByGit(path));
  const found = [
    ...special.map((one) => ({ path: one.path, problem: specialProblem(one) })),
    ...survey.unreadable.map((one) => ({ path: one.path, problem: unreadableProblem(one) })),
    ...survey.unnamable.map((path) => ({ path, problem: unnamableProblem(path) })),
  ].slice(0, MOST_NAMED);
  if (found.length === 0) return [];
  const input = found.map(({ path }) => `${path}\0`).join("");
  const { stdout } = await job.trees.attempt(["check-ignore", "-z", "--stdin"], { ...options, input });
  const ignored = new Set(stdout.split("\0"));
  return found.filter(({ path }) => !ignored.has(path)).map(({ problem }) => problem);
}

/** Untracked and changed paths that git does not ignore. A repository of its own is one path that ends with `/`. */
async function listChanged(job: JobRepository, options: TreeOptions): Promise<string[]> {
  const args = ["ls-files", "--others", "--modified", "--exclude-standard", "-z"];
  return [...new Set((await job.trees.run(args, options)).split("\0").filter(Boolean))];
}

/** The files of a repository inside the worktree, so that they are kept as files: git itself would leave them out. */
async function listNested(job: JobRepository, options: TreeOptions, path: string, depth: number): Promise<string[]> {
  if (depth === 0) return [];
  const found = await job.trees.run(["ls-files", "--others", "--exclude-standard", "-z"], {
    workTree: join(options.workTree, path),
    index: `${options.index}.none`,
  });
  const lists = found
    .split("\0")
    .filter(Boolean)
    .map((name) => {
      const whole = `${path}/${name}`;
      return name.endsWith("/") ? listNested(job, options, whole.slice(0, -1), depth - 1) : [whole];
    });
  return (await Promise.all(lists)).flat();
}

/** `git add -A` without the given paths. Returns why git could not read something. */
async function addAll(job: JobRepository, options: TreeOptions, without: readonly string[]): Promise<string[]> {
  const specs = [".", ...without.map((path) => `:(top,exclude,literal)${path}`)];
  const args = [
    "add",
    "-A",
    "--ignore-errors",
    "--no-warn-embedded-repo",
    "--pathspec-from-file=-",
    "--pathspec-file-nul",
  ];
  const result = await job.trees.attempt(args, { ...options, input: specs.map((spec) => `${spec}\0`).join("") });
  if (result.exitCode === 0) return [];
  const reasons = result.stderr
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("error: "));
  const shown = reasons.slice(0, 5).map((line) => printable(line.slice("error: ".length), 200));
  return [
    `Git could not read every file (${shown.join("; ") || `exit code ${result.exitCode}`}): make them readable or remove them.`,
  ];
}

async function addFiles(job: JobRepository, options: TreeOptions, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const input = paths.map((path) => `${path}\0`).join("");
  await job.trees.run(["update-index", "--add", "--replace", "-z", "--stdin"], { ...options, input });
}

/** A worktree's submodules are empty folders: one that is missing, or stands elsewhere, is not a change. */
async function restoreGitlinks(job: JobRepository, options: TreeOptions, base: string): Promise<void> {
  const lines = (await indexChanges(job.trees, base, options))
    .filter(({ oldMode, newMode }) => oldMode === GITLINK && (newMode === ABSENT || newMode === GITLINK))
    .map(({ oldId, path }) => `${GITLINK} ${oldId} 0\t${path}\0`);
  if (lines.length > 0)
    await job.trees.run(["update-index", "-z", "--index-info"], { ...options, input: lines.join("") });
}

/** Files in a submodule's folder are silently no part of the commit. One that a setup command filled has a `.git` file. */
async function submoduleProblems(root: string, gitlinks: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const path of gitlinks) {
    const found = await lstat(join(root, path)).catch(() => undefined);
    if (!found) continue;
    const inside = found.isDirectory() ? await readdir(join(root, path)) : ["."];
    const filled = await lstat(join(root, path, ".git")).catch(() => undefined);
    if (inside.length > 0 && !filled?.isFile()) {
      problems.push(
        `"${printable(path)}" is a submodule: what is written there is not part of this repository. Put it elsewhere, and leave "${printable(path)}" an empty folder.`,
      );
    }
  }
  return problems;
}

function nestedProblem(path: string): string {
  return `"${printable(path)}" became a git repository of its own, so its files would be missing from the commit: remove "${printable(path)}/.git".`;
}
