/**
 * A new job that begins as another's history up to one of its entries: the events are taken once more, as if they had
 * been the new job's from the start, so every snapshot, effect and id is its own. Pure: nothing is written here.
 */

import { isDeepStrictEqual } from "node:util";
import { OrchError, UsageError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { ArtifactRecord, HistoryRecord, JobRecord, WholeJob } from "../store/store.ts";
import { ROOT_ACTOR } from "./actor-id.ts";
import type { BuiltStep } from "./build-step.ts";
import { type ActivityCall, OpenWork } from "./open-work.ts";
import type { Registry } from "./registry.ts";
import { type Refolded, refold } from "./replay.ts";

export interface ForkParams {
  /** The job that is forked. It may run, or have ended: it is only read. */
  readonly job: JobRecord;
  /** Its whole history or the beginning of it, oldest first. */
  readonly history: Iterable<HistoryRecord>;
  readonly artifacts: readonly ArtifactRecord[];
  readonly registry: Registry;
  /** Number of the last entry that the new job begins with. */
  readonly at: number;
  readonly newJobId: string;
  /** Makes what names the old job (its id, its folders) name the new one, in inputs, events and artifacts. */
  readonly rewrite: (value: Json) => Json;
  readonly labels: Readonly<Record<string, string>>;
  readonly now: number;
}

export interface Fork {
  /** What `Store.insertJob` takes. */
  readonly whole: WholeJob;
  /** Every call of an activity up to that entry, in the order in which they were scheduled, as the new job knows it. */
  readonly calls: readonly ActivityCall[];
}

/**
 * Activities that were unfinished at that entry are scheduled anew; timers keep the time that they still had to run; events
 * that actors of the job sent each other and that were not taken yet are kept. What was said to the old job from outside
 * and not taken by then stays the old job's, and so do its pause and what it has cost.
 *
 * @throws UsageError `point-unknown`, `point-is-end`
 * @throws OrchError `workflow-gone`, `workflow-changed`, `history-damaged`
 */
export function forkJob(params: ForkParams): Fork {
  const { job, at, registry } = params;
  const work = new OpenWork();
  const history: HistoryRecord[] = [];
  let root: BuiltStep["job"] = null;
  for (const refolded of refold(rewritten(params), registry, { until: at })) {
    const { entry, workflow, step } = refolded;
    refuseOther(job, refolded);
    work.take(step, workflow);
    const { state, snapshotHash, effects } = step;
    history.push({ ...entry, state, snapshotHash, effects });
    root = step.job ?? root;
  }
  const last = history.at(-1);
  if (last?.seq !== at || root === null) throw pointUnknown(job, at);
  if (root.closed) throw pointIsEnd(job, at, root.status);
  return { whole: toWhole(params, work, history, root, last.at), calls: work.calls };
}

function* rewritten({ history, newJobId, rewrite }: ForkParams): Generator<HistoryRecord> {
  for (const entry of history) yield { ...entry, jobId: newJobId, event: rewrite(entry.event) };
}

/** What the machine makes of an event today must be what it made of it then: else the new job would not begin where it says. */
function refuseOther({ id }: JobRecord, { entry: { seq, state }, step }: Refolded): void {
  if (isDeepStrictEqual(step.state, state)) return;
  throw new OrchError(`entry ${seq} of job ${id} leads elsewhere today than it did when it was made`, {
    code: "workflow-changed",
    hint: `fork the job with the release of orch that began it; see "orch replay ${id}"`,
  });
}

function toWhole(
  params: ForkParams,
  work: OpenWork,
  history: readonly HistoryRecord[],
  root: NonNullable<BuiltStep["job"]>,
  stoodAt: number,
): WholeJob {
  const { job, newJobId: jobId, at, rewrite, labels, now, artifacts } = params;
  const rootActor = work.actors.find(({ id }) => id === ROOT_ACTOR);
  const { workflow, version, definitionHash } = rootActor ?? job;
  return {
    job: {
      id: jobId,
      workflow,
      version,
      definitionHash,
      ...root,
      input: rewrite(job.input),
      labels,
      createdAt: now,
      updatedAt: now,
      nextSeq: at + 1,
    },
    actors: work.actors.map((actor) => ({ jobId, ...actor })),
    history,
    // No attempt has begun: the first one is number 1.
    activities: work.activities.map(({ effectId, actorId, invokeId, name, input }) => ({
      effectId,
      jobId,
      actorId,
      invokeId,
      name,
      input,
      status: "scheduled",
      attempt: 0,
      failures: 0,
      scheduledAt: now,
      dueAt: now,
      heartbeat: null,
      heartbeatAt: null,
      finishedAt: null,
      error: null,
    })),
    timers: work.timers.map((timer) => ({ jobId, ...timer, fireAt: now + Math.max(0, timer.fireAt - stoodAt) })),
    signals: work.signals.map((signal) => ({ jobId, ...signal, external: false, createdAt: now })),
    artifacts: artifacts
      .filter(({ seq }) => seq <= at)
      .map(({ name, seq, content }) => ({ name, seq, content: rewrite(content) })),
  };
}

function pointUnknown({ id, nextSeq }: JobRecord, at: number): UsageError {
  return new UsageError(`the history of job ${id} has no entry ${at}`, {
    code: "point-unknown",
    hint: nextSeq > 1 ? `it has 1 to ${nextSeq - 1}: see "orch history ${id}"` : "the job has not begun",
  });
}

function pointIsEnd({ id }: JobRecord, at: number, status: string): UsageError {
  return new UsageError(`at entry ${at} job ${id} was ${status}: nothing could go on from there`, {
    code: "point-is-end",
    hint: at > 1 ? `choose an earlier entry, such as ${at - 1}: see "orch history ${id}"` : `see "orch history ${id}"`,
  });
}
