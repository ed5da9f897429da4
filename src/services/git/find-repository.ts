/** Finds the checkout and the git directory that a path belongs to, with the git that the user has. */

import { stat } from "node:fs/promises";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { type ProcessResult, runProcess } from "../process.ts";
import { gitFailed } from "./git.ts";
import { readingEnvironment } from "./git-environment.ts";

/** What runs git as the user would: with their configuration, from their checkout. Only for reading. */
export interface Lookup {
  /** Absolute, without links. */
  readonly root: string;
  /** Absolute path of the common git directory. */
  readonly gitDir: string;
  attempt(args: readonly string[]): Promise<ProcessResult>;
  line(args: readonly string[]): Promise<string>;
}

const OLDEST_GIT = [2, 39] as const;

/** The version of git on the PATH, such as `2.39.5`. Throws a `UsageError` if there is none or it is too old. */
export async function gitVersion(): Promise<string> {
  const result = await runProcess({ command: "git", args: ["--version"], cwd: "/", env: readingEnvironment() }).catch(
    () => undefined,
  );
  const version = /(\d+)\.(\d+)(?:\.\d+)*/.exec(result?.stdout ?? "");
  const wanted = OLDEST_GIT.join(".");
  if (!version) {
    throw new UsageError("git was not found", { code: "git-missing", hint: `install git ${wanted} or newer` });
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major > OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor >= OLDEST_GIT[1])) return version[0];
  throw new UsageError(`git ${version[0]} is too old`, { code: "git-too-old", hint: `install git ${wanted} or newer` });
}

/** `path`: absolute. Throws a `UsageError` if it is not in a checkout. */
export async function findRepository(path: string): Promise<Lookup> {
  const shown = printable(path, 300);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new UsageError(`${shown} ${found ? "is not a folder" : "does not exist"}`, {
      code: "no-such-folder",
      hint: "give the folder of a git repository with --repo",
    });
  }
  await gitVersion();
  const env = readingEnvironment();
  const attempt = (cwd: string) => (args: readonly string[]) => runProcess({ command: "git", args, cwd, env });
  const here = await attempt(path)(["rev-parse", "--is-bare-repository", "--is-inside-work-tree"]);
  if (here.exitCode !== 0) throw notFound(shown, here);
  const [isBare, isInside] = here.stdout.trim().split("\n");
  if (isInside !== "true") {
    throw new UsageError(
      `${shown} is ${isBare === "true" ? "a bare repository" : "inside a .git folder"}: it has no files`,
      {
        code: isBare === "true" ? "bare-repository" : "not-a-worktree",
        hint: "clone it, or add a worktree, and use that folder",
      },
    );
  }
  const root = await lineOf(attempt(path), ["rev-parse", "--show-toplevel"]);
  const inRoot = attempt(root);
  const gitDir = await lineOf(inRoot, ["rev-parse", "--path-format=absolute", "--git-common-dir"]);
  return { root, gitDir, attempt: inRoot, line: (args) => lineOf(inRoot, args) };
}

async function lineOf(attempt: Lookup["attempt"], args: readonly string[]): Promise<string> {
  const result = await attempt(args);
  if (result.exitCode !== 0) throw gitFailed(args, result);
  return result.stdout.replace(/\n$/, "");
}

function notFound(shown: string, { stderr }: ProcessResult): UsageError {
  if (/dubious ownership/.test(stderr)) {
    return new UsageError(`git does not trust ${shown}: it belongs to another user`, {
      code: "repository-not-trusted",
      hint: `if you do, run: git config --global --add safe.directory "${shown}"`,
    });
  }
  if (/not a git repository/.test(stderr)) {
    return new UsageError(`${shown} is not in a git repository`, {
      code: "not-a-repository",
      hint: 'run orch in a git repository, or make one: "git init", then a first commit',
    });
  }
  const reason = stderr.trim().split("\n").at(-1) ?? "";
  return new UsageError(`git cannot read the repository at ${shown}: ${printable(reason, 300)}`, {
    code: "unreadable-repository",
    hint: `see what "git status" says there`,
  });
}
