/** Makes the worktrees that a forked job believes to have, with the files that lay in them at the point of the fork. */

import type { RunSetup } from "../../command-access.ts";
import type { ActivityContext } from "../../core/activity.ts";
import type { Repository, RunCommandsInput, Worktree } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { jobPaths } from "../../core/job-paths.ts";
import { type Logger, silentLogger } from "../../core/log.ts";
import type { Redact } from "../../core/redact.ts";
import type { Fork } from "../../engine/fork.ts";
import { fillWorktree } from "../../services/git/fill-worktree.ts";
import { findKept } from "../../services/git/find-kept.ts";
import { type JobRepository, openJobRepository } from "../../services/git/job-repository.ts";
import { prepareWorktree } from "../../services/git/prepare-worktree.ts";
import { snapshotFolder } from "../../services/git/snapshot-folder.ts";
import type { Store } from "../../store/store.ts";
import type { WorktreeAt } from "./fork-worktrees.ts";

export interface RestoreParams {
  readonly store: Store;
  /** The job that is forked. */
  readonly from: string;
  readonly repository: Repository;
  /** The new job's. */
  readonly context: ActivityContext;
  readonly worktrees: readonly WorktreeAt[];
  readonly runSetup: ReturnType<RunSetup>;
}

/** Worktrees that are made side by side; git itself adds one at a time. */
const SIDE_BY_SIDE = 4;

/** @throws OrchError `files-not-kept`, `setup-failed`, or git's own */
export async function restoreWorktrees(params: RestoreParams): Promise<void> {
  const waiting = [...params.worktrees];
  const next = async () => {
    for (let worktree = waiting.shift(); worktree; worktree = waiting.shift()) await restoreWorktree(params, worktree);
  };
  const stopAll = (error: unknown) => {
    waiting.length = 0;
    throw error;
  };
  // All have ended when this does: what they made may be removed then.
  const ends = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, () => next().catch(stopAll)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

async function restoreWorktree(params: RestoreParams, at: WorktreeAt): Promise<void> {
  const { repository, context } = params;
  const { name, branch, head, copy } = at;
  const worktree = await prepareWorktree({ repository, name, branch, startCommit: head, copy }, context);
  if (at.setup && at.isInUse) await setUp(params, { worktree, ...at.setup });
  const job = openJobRepository(repository, context);
  const files = await filesOf(params, at, job);
  if (files !== head) await fillWorktree(job, { worktree, head, index: at.base, files });
}

/** What the setup commands made and git ignores, such as installed packages, is kept nowhere. */
async function setUp({ runSetup, context }: RestoreParams, input: RunCommandsInput): Promise<void> {
  const { failure } = await runSetup(input, context);
  if (failure === null) return;
  throw new OrchError(
    `the setup of worktree ${input.worktree.name} failed: "${failure.command}" exited with ${failure.exitCode}`,
    {
      code: "setup-failed",
      hint: "it passed in the job that is forked: see what has changed, or fork at another point",
    },
  );
}

async function filesOf(params: RestoreParams, at: WorktreeAt, job: JobRepository): Promise<string> {
  if ("tree" in at.files) return at.files.tree;
  const kept = await keptFiles(params, at, at.files.keptBy, job);
  if (kept !== null) return kept;
  // Nothing goes on with them.
  if (!at.isInUse) return at.head;
  throw new OrchError(`what the agent had left in ${at.name} at that point was not kept`, {
    code: "files-not-kept",
    hint: "fork at an earlier or a later point",
  });
}

async function keptFiles(
  { store, from, repository }: RestoreParams,
  { name, base }: WorktreeAt,
  keptBy: string,
  job: JobRepository,
): Promise<string | null> {
  const place = keptBy.slice(keptBy.indexOf(":"));
  const find = async () => {
    // A fork of a fork: what was kept before the first fork carries the name of the first job.
    for (const jobId of [from, ...forkedFrom(store, from)]) {
      const kept = await findKept(job, { jobId, worktree: name, effectId: `${jobId}${place}` });
      if (kept !== null) return kept;
    }
    return null;
  };
  const known = await find();
  if (known !== null || !standsThere(store, from, `${from}${place}`, name)) return known;
  const found = await snapshotFolder(job, `${jobPaths(repository.root, from).worktrees}/${name}`, base);
  // The old job may have gone on meanwhile: then it kept the files before it changed them.
  return (await find()) ?? found;
}

function forkedFrom(store: Store, jobId: string): string[] {
  const origin = store.getJob(jobId)?.labels.forkedFrom;
  return origin === undefined ? [] : [origin, ...forkedFrom(store, origin)];
}

/** Whether that job has not gone on in the worktree since: what is to keep the files has not, and nothing came after it. */
function standsThere(store: Store, jobId: string, effectId: string, worktree: string): boolean {
  const activities = store.listActivities(jobId);
  const place = activities.findIndex((activity) => activity.effectId === effectId);
  const isAt = ({ input }: (typeof activities)[number]) =>
    (input as { readonly worktree?: Worktree | null } | null)?.worktree?.name === worktree;
  return place >= 0 && activities[place]?.status !== "completed" && !activities.slice(place + 1).some(isAt);
}

/** What services ask of an activity's context, outside of any activity. */
export function forkContext(
  fork: Fork | string,
  log: Logger = silentLogger,
  redact: Redact = (text) => text,
): ActivityContext {
  const [jobId, at, now] =
    typeof fork === "string" ? [fork, 0, 0] : [fork.whole.job.id, fork.whole.job.nextSeq - 1, fork.whole.job.createdAt];
  return {
    jobId,
    effectId: `${jobId}:${at}:fork`,
    invokeId: "fork",
    attempt: 1,
    scheduledAt: now,
    lastHeartbeat: undefined,
    signal: new AbortController().signal,
    holdsJob: () => true,
    log,
    redact,
    heartbeat: () => {},
    checkpoint: async () => {},
    recordUsage: () => {},
    putArtifact: () => {},
    getArtifact: () => undefined,
  };
}
