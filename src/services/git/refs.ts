/** Reads and moves refs of the user's repository: always from an expected value, never over somebody else's work. */

import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OrchError } from "../../core/errors.ts";
import { keepRef } from "../../core/job-paths.ts";
import { type Git, gitFailed, isLocked } from "./git.ts";
import type { JobRepository } from "./job-repository.ts";

const LOCK_TRIES = 12;
/** A lock of ours lives for milliseconds; one that is this old was left by a git that was killed. */
const STALE_LOCK_MS = 1_000;

/** The object that a full ref name (`refs/…`) points at; null if there is no such ref. */
export async function readRef(git: Git, ref: string): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", ref];
  const result = await git.attempt(args);
  if (result.exitCode === 0) return result.stdout.trim();
  if (result.exitCode === 1) return null;
  throw gitFailed(args, result);
}

export const branchRef = (branch: string): string => `refs/heads/${branch}`;

/** Moves a branch of the job from where it was read to be (null: it must not exist). Fine if it is at `to` already. */
export async function moveBranch(
  job: JobRepository,
  branch: string,
  { from, to }: { readonly from: string | null; readonly to: string },
): Promise<void> {
  if (from === to) return;
  const moved = await moveRef(job, branchRef(branch), from, to);
  if (!moved.ok) throw branchMoved(branch, moved.current, from);
}

export function branchMoved(branch: string, current: string | null, expected: string | null): OrchError {
  const place = (id: string | null) => (id === null ? "absent" : `at ${id.slice(0, 12)}`);
  return new OrchError(`branch ${branch} is ${place(current)}, but the job left it ${place(expected)}`, {
    code: "branch-moved",
    hint:
      expected === null
        ? `rename or delete the branch ${branch}, or use another job id`
        : `put it back with "git branch -f ${branch} ${expected.slice(0, 12)}", then resume the job`,
    details: { branch, current, expected },
  });
}

/**
 * Keeps a commit under `refs/orch/<jobId>/<name>`, so that git never throws it away. If that name keeps another commit
 * already, both are kept: this one as `<name>-2`, and so on.
 */
export async function keep(job: JobRepository, name: string, commit: string): Promise<void> {
  for (let copy = 1; copy <= 100; copy++) {
    const ref = keepRef(job.scope.jobId, copy === 1 ? name : `${name}-${copy}`);
    if ((await moveRef(job, ref, null, commit)).ok) return;
  }
  throw new OrchError(`there are too many kept commits named ${name}`, { code: "too-many-kept-commits" });
}

async function moveRef(
  job: JobRepository,
  ref: string,
  from: string | null,
  to: string,
): Promise<{ readonly ok: boolean; readonly current: string | null }> {
  const args = ["update-ref", "--no-deref", "-m", "orch", ref, to, from ?? "0".repeat(to.length)];
  const { author } = job.repository;
  const environment = { GIT_COMMITTER_NAME: author.name, GIT_COMMITTER_EMAIL: author.email };
  for (let tries = 1; ; tries++) {
    const result = await job.refs.attempt(args, { environment });
    if (result.exitCode === 0) return { ok: true, current: to };
    const current = await readRef(job.refs, ref);
    if (current === to) return { ok: true, current };
    if (current !== from) return { ok: false, current };
    if (!isLocked(result.stderr) || tries === LOCK_TRIES) throw gitFailed(args, result);
    await sleep(25 * tries);
    await removeStaleLock(join(job.repository.gitDir, `${ref}.lock`));
  }
}

/** Only for refs that nobody but this job writes. */
async function removeStaleLock(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && Date.now() - found.mtimeMs > STALE_LOCK_MS) await rm(path, { force: true });
}
