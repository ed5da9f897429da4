/** Everything of a user's checkout that a job must leave bit for bit as it was, as data that a test can compare. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

export interface Fingerprint {
  readonly head: string;
  /** Every ref but the job's own (`refs/orch/…`, `orch/…`, `result-…`). */
  readonly refs: readonly string[];
  readonly reflog: string;
  readonly stash: string;
  /** Hash of the index file's bytes. */
  readonly index: string;
  readonly config: string;
  /** `git status --porcelain=v2 --branch --untracked-files=all`. */
  readonly status: string;
  /** Path, mode, time and hash of each file, also of those that git ignores; without `.git` and `.codex/jobs`. */
  readonly files: readonly string[];
}

const OURS = /^refs\/(?:orch\/|heads\/orch\/|heads\/result-)/;

/** `root`: the checkout's top level. Only reads: git takes no lock and refreshes no index. */
export function fingerprint(root: string): Fingerprint {
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" },
      maxBuffer: 64 * 1024 * 1024,
    });
  const gitPath = (name: string) => join(git("rev-parse", "--path-format=absolute", "--git-path", name).trimEnd());
  return {
    head: readFileSync(gitPath("HEAD"), "utf8"),
    refs: git("for-each-ref", "--format=%(refname) %(objectname) %(symref)")
      .split("\n")
      .filter((line) => line !== "" && !OURS.test(line)),
    reflog: contentHash(gitPath("logs/HEAD")),
    stash: git("stash", "list"),
    index: contentHash(gitPath("index")),
    config: contentHash(gitPath("config")),
    status: git("status", "--porcelain=v2", "--branch", "--untracked-files=all"),
    files: [...walk(root, "")],
  };
}

function* walk(root: string, folder: string): Generator<string> {
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (name === ".git" || path === ".codex/jobs") continue;
    const absolute = join(root, path);
    const found = lstatSync(absolute);
    if (found.isDirectory()) yield* walk(root, path);
    else {
      const content = found.isSymbolicLink() ? `-> ${readlinkSync(absolute)}` : contentHash(absolute);
      yield `${path} ${found.mode.toString(8)} ${found.mtimeMs} ${content}`;
    }
  }
}

function contentHash(path: string): string {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "absent";
    throw error;
  }
}
