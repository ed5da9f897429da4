/** A job on a temporary repository, for the tests of the git activities. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type TempRepository,
  type TempRepositoryOptions,
  tempRepository,
} from "../../../test/support/temp-repository.ts";
import type { Incoming, IntegrateOutput, Repository, Worktree } from "../../core/coding.ts";
import { jobPaths, resultBranch, subtaskBranch } from "../../core/job-paths.ts";
import type { Json } from "../../core/json.ts";
import { type FakeContext, fakeContext } from "../testing/fake-context.ts";
import { checkWork } from "./check-work.ts";
import { commitWork } from "./commit-work.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { integrate } from "./integrate.ts";
import { prepareJob } from "./prepare-job.ts";
import { prepareWorktree } from "./prepare-worktree.ts";

export const JOB = "job-1";

export class TestJob implements Disposable {
  readonly temp: TempRepository;
  readonly repository: Repository;
  readonly artifacts = new Map<string, Json>();
  #effects = 0;

  private constructor(temp: TempRepository, repository: Repository) {
    this.temp = temp;
    this.repository = repository;
  }

  /** A repository with a prepared job. Effects are numbered in the order of the calls. */
  static async begin(
    options: TempRepositoryOptions & { readonly path?: (temp: TempRepository) => string } = {},
  ): Promise<TestJob> {
    const temp = tempRepository(options);
    try {
      const repository = options.path
        ? await inspectRepository({ path: options.path(temp), jobId: JOB })
        : plainRepository(temp);
      const job = new TestJob(temp, repository);
      await prepareJob({ repository: job.repository }, job.context());
      return job;
    } catch (error) {
      temp[Symbol.dispose]();
      throw error;
    }
  }

  context(effect = ++this.#effects): FakeContext {
    return fakeContext({ jobId: JOB, effectId: `${JOB}:${effect}:0`, artifacts: this.artifacts });
  }

  get paths() {
    return jobPaths(this.repository.root, JOB);
  }

  worktree(name: string): Worktree {
    const branch = name === "result" ? resultBranch(JOB) : subtaskBranch(JOB, name);
    return { name, branch, path: join(this.paths.worktrees, name) };
  }

  prepare(
    name: string,
    startCommit = this.repository.baseCommit,
    copy: readonly string[] = [],
    context = this.context(),
  ) {
    return prepareWorktree(
      { repository: this.repository, name, branch: this.worktree(name).branch, startCommit, copy },
      context,
    );
  }

  check(name: string, head = this.repository.baseCommit, context = this.context()) {
    return checkWork({ repository: this.repository, worktree: this.worktree(name), head }, context);
  }

  commit(name: string, tree: string, head = this.repository.baseCommit, context = this.context()) {
    const worktree = this.worktree(name);
    return commitWork({ repository: this.repository, worktree, head, tree, title: `Do ${name}`, body: "" }, context);
  }

  integrate(
    name: string,
    head: string,
    incoming: readonly Incoming[],
    context = this.context(),
  ): Promise<IntegrateOutput> {
    return integrate({ repository: this.repository, worktree: this.worktree(name), head, incoming }, context);
  }

  /** A subtask from its worktree to its commit: `files` with null are deleted. */
  async subtask(name: string, files: Files, start = this.repository.baseCommit): Promise<Incoming> {
    const worktree = await this.prepare(name, start);
    writeFiles(worktree.path, files);
    const { tree, problems } = await this.check(name, start);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const { head } = await this.commit(name, tree, start);
    return { subtaskId: name, commit: head };
  }

  /**
   * A subtask's commit as if it had been worked on, without a worktree: quick, for tests of what comes after. It stands
   * on `start`; `files` with null are deleted.
   */
  part(name: string, files: Files, start = this.repository.baseCommit): Incoming {
    const bytes = (content: string | Buffer) => {
      const data = Buffer.from(content);
      return Buffer.concat([Buffer.from(`data ${data.length}\n`), data, Buffer.from("\n")]);
    };
    const ref = `refs/heads/${this.worktree(name).branch}`;
    const changes = Object.entries(files).flatMap(([path, content]) =>
      content === null ? [Buffer.from(`D ${path}\n`)] : [Buffer.from(`M 100644 inline ${path}\n`), bytes(content)],
    );
    const head = Buffer.from(`commit ${ref}\nmark :1\ncommitter A User <user@localhost> 0 +0000\n`);
    const from = Buffer.from(`from ${start}\n`);
    const printed = execFileSync("git", ["fast-import", "--quiet"], {
      cwd: this.repository.root,
      encoding: "utf8",
      input: Buffer.concat([head, bytes(`Do ${name}\n`), from, ...changes, Buffer.from("get-mark :1\n")]),
    });
    return { subtaskId: name, commit: printed.trim() };
  }

  read(name: string, path: string): string {
    return readFileSync(join(this.worktree(name).path, path), "utf8");
  }

  /** `git status` as a person sees it in the worktree. */
  status(name: string): string {
    return this.temp.git(["status", "--porcelain"], this.worktree(name).path);
  }

  git(...args: string[]): string {
    return this.temp.git(args).trim();
  }

  /** The files of a commit or tree, each as `path: content`. */
  files(tree: string): string[] {
    return this.temp
      .git(["ls-tree", "-r", "--name-only", "-z", tree])
      .split("\0")
      .filter(Boolean)
      .map((path) => `${path}: ${this.temp.git(["show", `${tree}:${path}`]).trim()}`);
  }

  [Symbol.dispose](): void {
    this.temp[Symbol.dispose]();
  }
}

/** What `inspectRepository` would find, without asking git again. */
function plainRepository(temp: TempRepository): Repository {
  return {
    root: temp.root,
    gitDir: join(temp.root, ".git"),
    objectFormat: "sha1",
    baseCommit: temp.first,
    baseBranch: "trunk",
    author: { name: "A User", email: "user@localhost" },
    push: null,
  };
}

export type Files = Readonly<Record<string, string | Buffer | null>>;

export function writeFiles(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path);
    if (content === null) rmSync(target, { recursive: true, force: true });
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  }
}
