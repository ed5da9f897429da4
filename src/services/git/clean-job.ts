/** Removes what a finished job left in the user's repository, but nothing that is not merged and recorded. */

import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Repository } from "../../core/coding.ts";
import { errorMessage, UsageError } from "../../core/errors.ts";
import { resultBranch } from "../../core/job-paths.ts";
import { silentLogger } from "../../core/log.ts";
import { findRemains, type RemainingWorktree, type Remains } from "./job-remains.ts";
import { checkedId, type JobRepository, openJobRepository } from "./job-repository.ts";
import { branchRef, readRef } from "./refs.ts";
import { removeLeftovers, removeRefs, removeWorktree } from "./remove-remains.ts";
import { type Recorded, unrecordedChange } from "./worktree-changes.ts";

export interface CleanJobInput {
  readonly repository: Repository;
  readonly jobId: string;
  /** The commit that holds the work of every subtask that counts; null for a job that came to none. */
  readonly resultCommit: string | null;
  /** Names that the job's worktrees had, by subtask; `isKept`: what it made is in no result. */
  readonly subtasks: readonly { readonly id: string; readonly names: readonly string[]; readonly isKept: boolean }[];
  /** Removes also what is in no result. */
  readonly discard: boolean;
  /** Only says what it would do. */
  readonly dryRun: boolean;
}

export interface CleanedThing {
  readonly kind: "worktree" | "branch" | "snapshots";
  /** A path, a branch, or the prefix of refs. */
  readonly name: string;
  readonly outcome: "removed" | "kept" | "failed";
  /** Why it is kept, why it failed, or what is to be known of its removal; empty if there is nothing to say. */
  readonly reason: string;
  /** Of a branch: what it was at, so that it can be had back as long as git keeps it. */
  readonly commit: string | null;
  /** How many refs, for snapshots. */
  readonly count: number;
}

/**
 * Safe to call again, also when it was killed. `result-<jobId>` itself is never touched.
 *
 * @throws UsageError `job-folder-in-the-way`
 */
export async function cleanJob(input: CleanJobInput): Promise<CleanedThing[]> {
  const job = openJobRepository(input.repository, {
    jobId: input.jobId,
    effectId: `${input.jobId}:0:0`,
    scheduledAt: 0,
    signal: new AbortController().signal,
    holdsJob: () => true,
    log: silentLogger,
    redact: (text) => text,
  });
  await refuseLinks(job);
  const remains = await findRemains(job);
  const whyAll = input.discard ? null : await whyKeepAll(job, input.resultCommit);
  const cleaning = new Cleaning(job, input, remains, whyAll);
  await cleaning.worktrees();
  await cleaning.branches();
  // Last: what is in a worktree is compared with them.
  await cleaning.snapshots();
  const isEmpty = cleaning.things.every(({ outcome }) => outcome === "removed");
  if (!input.dryRun) await removeLeftovers(job, isEmpty);
  return cleaning.things;
}

/** One pass over what is left of a job. */
class Cleaning {
  readonly things: CleanedThing[] = [];
  /** By name. */
  readonly keptWorktrees = new Set<string>();
  readonly #job: JobRepository;
  readonly #input: CleanJobInput;
  readonly #remains: Remains;
  readonly #whyAll: string | null;

  constructor(job: JobRepository, input: CleanJobInput, remains: Remains, whyAll: string | null) {
    this.#job = job;
    this.#input = input;
    this.#remains = remains;
    this.#whyAll = whyAll;
  }

  async worktrees(): Promise<void> {
    for (const worktree of this.#remains.worktrees) {
      const thing = { kind: "worktree", name: worktree.path, commit: null, count: 1 } as const;
      const why = await this.#whyKeepWorktree(worktree);
      await this.#settle(thing, why, () => removeWorktree(this.#job, worktree));
      if (this.things.at(-1)?.outcome !== "removed") this.keptWorktrees.add(worktree.name);
    }
  }

  async branches(): Promise<void> {
    const checkedOut = await this.#checkedOut();
    const merged = await this.#merged();
    for (const branch of this.#remains.branches) {
      const name = branch.ref.slice("refs/heads/".length);
      const why =
        this.#whyKeepName(branch.name) ??
        (checkedOut.has(branch.ref) ? "it is checked out" : null) ??
        (this.#input.discard || merged.has(branch.ref) ? null : "it holds commits that the result does not");
      const thing = { kind: "branch", name, commit: branch.commit, count: 1 } as const;
      await this.#settle(thing, why, () => removeRefs(this.#job, [branch]));
    }
  }

  async snapshots(): Promise<void> {
    const name = `refs/orch/${this.#input.jobId}`;
    const reasons = Map.groupBy(this.#remains.snapshots, (snapshot) => {
      const [worktree = ""] = snapshot.name.split("/");
      return worktree === "result" ? this.#whyAll : this.#whyKeepName(worktree);
    });
    for (const [why, refs] of reasons) {
      const thing = { kind: "snapshots", name, commit: null, count: refs.length } as const;
      const said = this.#input.discard ? "" : "the result holds what counts";
      await this.#settle(thing, why, () => removeRefs(this.#job, refs), said);
    }
  }

  async #settle(
    thing: Omit<CleanedThing, "outcome" | "reason">,
    why: string | null,
    remove: () => Promise<void>,
    said = "",
  ): Promise<void> {
    if (why !== null) {
      this.things.push({ ...thing, outcome: "kept", reason: why });
      return;
    }
    try {
      if (!this.#input.dryRun) await remove();
      this.things.push({ ...thing, outcome: "removed", reason: said });
    } catch (error) {
      this.things.push({ ...thing, outcome: "failed", reason: errorMessage(error) });
    }
  }

  async #whyKeepWorktree(worktree: RemainingWorktree): Promise<string | null> {
    const { name, isThere } = worktree;
    const why = name === "result" ? this.#whyAll : this.#whyKeepName(name);
    // Without its folder only git's note of it is left.
    if (why !== null || !isThere || this.#input.discard) return why;
    try {
      return await unrecordedChange(this.#job, worktree, await this.#recorded(worktree));
    } catch (error) {
      return `it cannot be compared with what was recorded: ${errorMessage(error)}`;
    }
  }

  /** For what carries a worktree's name: itself, its branch, its snapshots. */
  #whyKeepName(name: string): string | null {
    const subtask = this.#input.subtasks.find(({ names }) => names.includes(name));
    if (this.#whyAll !== null) return this.#whyAll;
    if (!subtask) return "the job did not make it";
    return subtask.isKept && !this.#input.discard
      ? `subtask ${subtask.id} was skipped: the result is without it`
      : null;
  }

  async #recorded({ name, branch }: RemainingWorktree): Promise<Recorded | null> {
    const head = await readRef(this.#job.refs, branchRef(branch));
    if (head === null) return null;
    const tree = await this.#job.refs.line(["rev-parse", "--verify", `${checkedId(head)}^{tree}`]);
    const kept = this.#remains.snapshots.filter((snapshot) => snapshot.name.startsWith(`${name}/`));
    return { head, trees: new Set([tree, ...kept.map((snapshot) => snapshot.tree)]) };
  }

  async #merged(): Promise<Set<string>> {
    const { resultCommit, jobId } = this.#input;
    if (resultCommit === null || this.#whyAll !== null) return new Set();
    const args = ["for-each-ref", "--format=%(refname)", `--merged=${checkedId(resultCommit)}`];
    const output = await this.#job.refs.run([...args, `refs/heads/orch/${jobId}/`]);
    return new Set(output.split("\n").filter(Boolean));
  }

  /** In any worktree but those that were, or in a dry run would be, removed. */
  async #checkedOut(): Promise<Set<string>> {
    const removed = new Set(
      this.#remains.worktrees.filter(({ name }) => !this.keptWorktrees.has(name)).map(({ path }) => path),
    );
    const output = await this.#job.refs.run(["worktree", "list", "--porcelain", "-z"]);
    const blocks = output.split("\0\0").map((block) => block.split("\0"));
    const field = (block: readonly string[], name: string) =>
      block.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
    return new Set(
      blocks.flatMap((block) => (removed.has(field(block, "worktree") ?? "") ? [] : (field(block, "branch") ?? []))),
    );
  }
}

/** The result must be on a branch that stays, or else the subtasks' branches are all that holds the work. */
async function whyKeepAll(job: JobRepository, resultCommit: string | null): Promise<string | null> {
  if (resultCommit === null) return "the job came to no result";
  const places = ["refs/heads", "refs/tags", "refs/remotes"];
  const args = ["for-each-ref", "--format=%(refname)", `--contains=${checkedId(resultCommit)}`, ...places];
  const { exitCode, stdout } = await job.refs.attempt(args);
  const own = `refs/heads/orch/${job.scope.jobId}/`;
  const holders = stdout.split("\n").filter((ref) => ref !== "" && !ref.startsWith(own));
  if (exitCode === 0 && holders.length > 0) return null;
  return `the result ${resultCommit.slice(0, 12)} is on no branch any more (it was on ${resultBranch(job.scope.jobId)})`;
}

/** Nothing is removed through a link that leads out of the repository. */
async function refuseLinks({ paths }: JobRepository): Promise<void> {
  const jobs = dirname(paths.job);
  for (const path of [dirname(jobs), jobs, paths.job, paths.worktrees]) {
    const found = await lstat(path).catch(() => undefined);
    if (found && !found.isDirectory()) {
      throw new UsageError(`${path} is not a folder, so nothing can be cleaned there`, {
        code: "job-folder-in-the-way",
        hint: `move ${path} away`,
      });
    }
  }
}
