/** Looks at the repository that a job is asked to work on, and refuses what cannot work before anything is made. */

import { resolve } from "node:path";
import type { Repository } from "../../core/coding.ts";
import { UsageError } from "../../core/errors.ts";
import { parseJobId, printable } from "../../core/ids.ts";
import { jobPaths, resultBranch } from "../../core/job-paths.ts";
import { findRepository, type Lookup } from "./find-repository.ts";
import { refuseLinks } from "./prepare-job.ts";
import { readPush } from "./read-push.ts";
import { exists } from "./worktree-folder.ts";

export interface InspectOptions {
  /** Any folder of the checkout. */
  readonly path: string;
  /** Where to start from: a local branch, or a remote's as `origin/main`. Default: what is checked out. */
  readonly baseBranch?: string | undefined;
  /** Whether the result is to be pushed: to the remote of that name, or (true) to where the base branch goes. */
  readonly pushRemote?: boolean | string | undefined;
  /** If given, nothing of a job of that id may be there yet. */
  readonly jobId?: string | undefined;
}

/** Only reads. Throws a `UsageError` that says what to do. */
export async function inspectRepository(options: InspectOptions): Promise<Repository> {
  const lookup = await findRepository(resolve(options.path));
  const base = await findBase(lookup, options.baseBranch);
  if (options.jobId !== undefined) await refuseExistingJob(lookup, parseJobId(options.jobId));
  return {
    root: lookup.root,
    gitDir: lookup.gitDir,
    objectFormat: await lookup.line(["rev-parse", "--show-object-format"]),
    baseCommit: base.commit,
    baseBranch: base.branch,
    author: await readAuthor(lookup),
    push: options.pushRemote ? await readPush(lookup, base.branch, options.pushRemote) : null,
  };
}

async function findBase(
  lookup: Lookup,
  wanted: string | undefined,
): Promise<{ commit: string; branch: string | null }> {
  if (wanted === undefined) {
    const commit = await commitAt(lookup, "HEAD");
    if (commit === null) throw withoutCommit(lookup);
    const head = await lookup.attempt(["symbolic-ref", "--quiet", "HEAD"]);
    const ref = head.stdout.trim();
    return { commit, branch: ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null };
  }
  // Asked as a whole ref, so that it is a branch's name and not an option or an expression.
  const isName = (await lookup.attempt(["check-ref-format", `refs/heads/${wanted}`])).exitCode === 0;
  for (const ref of isName && !wanted.startsWith("-") ? [`refs/heads/${wanted}`, `refs/remotes/${wanted}`] : []) {
    const commit = await commitAt(lookup, ref);
    if (commit !== null) return { commit, branch: wanted };
  }
  if ((await lookup.line(["rev-list", "--all", "-n", "1"])) === "") throw withoutCommit(lookup);
  throw new UsageError(`there is no branch "${printable(wanted)}"`, {
    code: "unknown-base-branch",
    hint: `"git branch --all" lists the branches; name a remote's as origin/<branch>`,
  });
}

async function commitAt(lookup: Lookup, ref: string): Promise<string | null> {
  const result = await lookup.attempt(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  return result.exitCode === 0 ? result.stdout.trim() : null;
}

function withoutCommit({ root }: Lookup): UsageError {
  return new UsageError(`${printable(root, 300)} has no commit yet`, {
    code: "repository-without-commit",
    hint: `make a first commit: git add -A && git commit -m "Begin"`,
  });
}

/** Throws a `UsageError` if anything in the repository has the name of a job of that id. */
export async function refuseExistingJob(lookup: Lookup, jobId: string): Promise<void> {
  await refuseLinks(lookup.root);
  const { job } = jobPaths(lookup.root, jobId);
  if (await exists(job)) {
    throw new UsageError(`${job} is there already`, {
      code: "job-exists",
      hint: `use another --job-id, or go on with it: orch resume ${jobId}`,
    });
  }
  // "orch" itself, or a branch below the result's name, would leave no room for the job's own branches.
  const branches = [`refs/heads/${resultBranch(jobId)}`, `refs/heads/orch/${jobId}`, `refs/orch/${jobId}`];
  const found = (await lookup.line(["for-each-ref", "--format=%(refname)", ...branches])).split("\n")[0];
  const inTheWay = found || ((await commitAt(lookup, "refs/heads/orch")) === null ? "" : "refs/heads/orch");
  if (inTheWay) {
    throw new UsageError(
      `${printable(inTheWay.replace("refs/heads/", "branch "))} is in the way of the job's branches`,
      {
        code: "branch-exists",
        hint: "use another --job-id, or rename what is in the way",
      },
    );
  }
}

/** As git itself would find it for a commit; never a guess from the machine's name. */
async function readAuthor(lookup: Lookup): Promise<Repository["author"]> {
  const result = await lookup.attempt(["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"]);
  const [, name, email] = /^(.*) <(.*)> \d+ [+-]\d{4}$/.exec(result.stdout.trim()) ?? [];
  return result.exitCode === 0 && name && email ? { name, email } : { name: "orch", email: "orch@localhost" };
}
