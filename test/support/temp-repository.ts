/** A real git repository in a temporary folder, whose commits are the same in every run. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TempRepository extends Disposable {
  /** The checkout's top level, absolute, without links. */
  readonly root: string;
  /** The folder that it lies in: room for a second checkout or a remote. It is removed in the end. */
  readonly folder: string;
  /** The first commit; empty if there is none. */
  readonly first: string;
  /** Runs git in `root` (or in `cwd`) and returns what it prints. */
  git(args: readonly string[], cwd?: string): string;
  /** Writes files, paths relative to `root`. */
  write(files: Readonly<Record<string, string | Buffer>>): void;
  /** Writes files and commits everything. Returns the commit. */
  commit(files: Readonly<Record<string, string | Buffer>>, message?: string): string;
}

export interface TempRepositoryOptions {
  /** Name of the checkout's folder: may have spaces and letters of any language. */
  readonly name?: string;
  readonly branch?: string;
  readonly objectFormat?: "sha1" | "sha256";
  /** The first commit's files; null for a repository without a commit. */
  readonly files?: Readonly<Record<string, string | Buffer>> | null;
}

export function tempRepository(options: TempRepositoryOptions = {}): TempRepository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "orch-git-")));
  const root = join(folder, options.name ?? "repo");
  mkdirSync(root);
  const git = (args: readonly string[], cwd = root) =>
    execFileSync("git", args, { cwd, encoding: "utf8", env: environment(folder), stdio: ["ignore", "pipe", "pipe"] });
  const write = (files: Readonly<Record<string, string | Buffer>>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  const commit = (files: Readonly<Record<string, string | Buffer>>, message = "A change") => {
    write(files);
    git(["add", "-A"]);
    git(["commit", "-q", "--allow-empty", "-m", message]);
    return git(["rev-parse", "HEAD"]).trim();
  };
  git(["init", "-q", "-b", options.branch ?? "trunk", `--object-format=${options.objectFormat ?? "sha1"}`]);
  const first = options.files === null ? "" : commit(options.files ?? { "README.md": "# A project\n" }, "Begin");
  return {
    root,
    folder,
    first,
    git,
    write,
    commit,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Nothing of the machine's configuration, and fixed people and dates. */
function environment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "A User",
    GIT_AUTHOR_EMAIL: "user@localhost",
    GIT_AUTHOR_DATE: "2030-01-01T00:00:00Z",
    GIT_COMMITTER_NAME: "A User",
    GIT_COMMITTER_EMAIL: "user@localhost",
    GIT_COMMITTER_DATE: "2030-01-01T00:00:00Z",
    GIT_ALLOW_PROTOCOL: "file",
  };
}
