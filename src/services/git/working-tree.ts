/** Reads and writes the files of one worktree through the orchestrator's own git directory and an index of its own. */

import { randomBytes } from "node:crypto";
import { copyFile, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { throwIfStopped } from "../../core/activity.ts";
import type { Worktree } from "../../core/coding.ts";
import { collectFiles, type TreeOptions } from "./collect-files.ts";
import { DEFAULT_SIZE_LIMITS } from "./file-sizes.ts";
import { checkedId, type JobRepository, notePath } from "./job-repository.ts";
import { readyFolder } from "./ready-folder.ts";
import { exists, findAdminFolder, requireFolder, restoreGitFile } from "./worktree-folder.ts";

export interface Snapshot {
  readonly tree: string;
  /** What could not be taken in as it is, each a sentence for the agent. */
  readonly problems: readonly string[];
}

/**
 * The index is worked on in a copy that no other attempt knows, and put in its place as a whole. So no lock that a
 * killed git left behind is ever in the way, and an index that is there was complete. It is only a cache of what the
 * files looked like: what git says in the worktree for a person or an agent to see is a second copy of it.
 */
export class WorkingTree implements AsyncDisposable {
  readonly #job: JobRepository;
  readonly #worktree: Worktree;
  readonly #index: string;

  private constructor(job: JobRepository, worktree: Worktree) {
    this.#job = job;
    this.#worktree = worktree;
    this.#index = `${indexPath(job, worktree)}.${randomBytes(6).toString("hex")}.tmp`;
  }

  static async open(job: JobRepository, worktree: Worktree): Promise<WorkingTree> {
    await requireFolder(worktree);
    await restoreGitFile(job, worktree);
    const opened = new WorkingTree(job, worktree);
    await opened.#removeLeftovers();
    const kept = indexPath(job, worktree);
    if (await exists(kept)) await copyIndex(kept, opened.#index);
    return opened;
  }

  /** Whether `publish` was called for the worktree before: then it was checked out completely. */
  static isPublished(job: JobRepository, worktree: Worktree): Promise<boolean> {
    return exists(indexPath(job, worktree));
  }

  static async forget(job: JobRepository, worktree: Worktree): Promise<void> {
    await rm(indexPath(job, worktree), { force: true });
  }

  /** The files as a tree, in which what git ignores is missing. `base` is the commit or tree that they came from. */
  async snapshot(base: string, limits = DEFAULT_SIZE_LIMITS): Promise<Snapshot> {
    const ready = await readyFolder(this.#worktree.path);
    await this.#git(["read-tree", "--reset", checkedId(base)]);
    const problems = await collectFiles(this.#job, this.#options, base, ready, limits);
    return { tree: (await this.#git(["write-tree"])).trim(), problems };
  }

  /** Makes the files what the tree says. Files that were neither in it nor in the last snapshot stay. */
  async checkOut(tree: string): Promise<void> {
    await this.#git(["read-tree", "--reset", "-u", checkedId(tree)]);
  }

  /** Makes the index say what the tree says; the files stay as they are. */
  async setIndex(tree: string): Promise<void> {
    await this.#git(["read-tree", "--reset", checkedId(tree)]);
  }

  /** Those of the paths that are in the index. */
  async tracked(paths: readonly string[]): Promise<Set<string>> {
    const output = await this.#git([
      "ls-files",
      "-z",
      "--cached",
      "--",
      ...paths.map((path) => `:(top,literal)${path}`),
    ]);
    return new Set(output.split("\0").filter(Boolean));
  }

  /** Puts the index in its place: the orchestrator's, and the one that git reads in the worktree. */
  async publish(): Promise<void> {
    throwIfStopped(this.#job.scope);
    const admin = await findAdminFolder(this.#job.repository.gitDir, this.#worktree.path);
    if (admin !== null) {
      const next = join(admin, `orch-${randomBytes(6).toString("hex")}.tmp`);
      await copyIndex(this.#index, next);
      await rename(next, join(admin, "index"));
    }
    await rename(this.#index, indexPath(this.#job, this.#worktree));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const path of [this.#index, `${this.#index}.lock`]) await rm(path, { force: true });
  }

  get #options(): TreeOptions {
    return { workTree: this.#worktree.path, index: this.#index };
  }

  #git(args: readonly string[]): Promise<string> {
    return this.#job.trees.run(args, this.#options);
  }

  /** Only one attempt at a time works on a worktree, so what others began is from attempts that are dead. */
  async #removeLeftovers(): Promise<void> {
    const folder = notePath(this.#job, "index");
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.startsWith(`${this.#worktree.name}.`)) await rm(join(folder, name), { force: true });
    }
  }
}

const indexPath = (job: JobRepository, worktree: Worktree): string => join(notePath(job, "index"), worktree.name);

/**
 * Copies an index without making it look newer: git compares its time with the files' to know which of them it must
 * read again.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from);
  await copyFile(from, to);
  const seconds = Math.floor(mtimeMs) / 1000;
  await utimes(to, seconds, seconds);
}
