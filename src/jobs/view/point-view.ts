/** A job as it was after an entry of its history. */

import type { CodingJobContext } from "../../../workflows/coding-job.ts";
import type { CodingJobOutput } from "../../core/coding.ts";
import { type ErrorData, isErrorData } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { JobStateName } from "../../core/protocol/common.ts";
import { addUsage, noUsage, type TokenUsage } from "../../core/usage.ts";
import { ROOT_ACTOR } from "../../engine/actor-id.ts";
import type { CallAt, SnapshotAt, Timeline } from "../../engine/timeline.ts";
import { STATUS_TAGS } from "../../engine/workflow.ts";
import type { JobRecord } from "../../store/store.ts";
import { type JobFacts, noFacts, type PartFacts } from "./job-facts.ts";
import { type Moment, topState } from "./job-head.ts";
import { partOf } from "./parts.ts";

export interface PointParams {
  readonly record: JobRecord;
  readonly timeline: Timeline;
  readonly seq: number;
  /** As it is now: what a part that was over by then has cost stands there only. */
  readonly facts: JobFacts;
}

export function momentAt({ record, timeline, seq, facts }: PointParams): Moment {
  const root = timeline.actorAt(ROOT_ACTOR, seq);
  const snapshot = root?.snapshot ?? null;
  const context = (snapshot?.context ?? null) as CodingJobContext | null;
  const at = timeline.timeOf(seq) ?? record.createdAt;
  const state = timeline.isPausedAt(seq) ? "paused" : stateOf(snapshot, root?.state ?? null);
  const parts = factsAt(timeline, seq, facts);
  const usage = [...parts.values()].reduce<TokenUsage>((sum, part) => addUsage(sum, part.usage), noUsage);
  const error: unknown = state === "failed" ? (snapshot?.status === "error" ? snapshot.error : context?.error) : null;
  return {
    record,
    state,
    runBy: null,
    seq,
    updatedAt: at,
    settledAt: state === "running" || state === "waiting" ? null : at,
    phase: topState(root?.state ?? null),
    context,
    output: (snapshot?.output ?? null) as CodingJobOutput | null,
    error: isErrorData(error) ? (error as ErrorData) : null,
    usage,
    partOf: (part) => parts.get(part) ?? noFacts,
    stateOf: (actorId) => timeline.actorAt(actorId, seq)?.state ?? null,
    pending: [],
    actions: [],
  };
}

function stateOf(snapshot: SnapshotAt | null, value: Json | null): JobStateName {
  if (!snapshot) {
    const top = topState(value);
    if (top === "done" || top === "failed" || top === "cancelled") return top;
    return top === "awaitingApproval" ? "waiting" : "running";
  }
  if (snapshot.status === "error") return "failed";
  if (snapshot.status === "stopped") return "cancelled";
  const tagged = STATUS_TAGS.find((tag) => snapshot.tags.includes(tag));
  return tagged ?? (snapshot.status === "done" ? "done" : "running");
}

/** When each part began and ended by then. */
function factsAt(timeline: Timeline, seq: number, now: JobFacts): Map<string | null, PartFacts> {
  const calls = Map.groupBy(
    timeline.calls.filter((call) => call.seq <= seq),
    ({ actorId }) => partOf(actorId),
  );
  return new Map([...calls].map(([part, of]) => [part, partAt(of, seq, now.of(part))]));
}

function partAt(calls: readonly CallAt[], seq: number, now: PartFacts): PartFacts {
  const isOpen = calls.some(({ endSeq }) => endSeq === null || endSeq > seq);
  const ends = calls.flatMap(({ endAt, endSeq }) => (endAt !== null && (endSeq ?? 0) <= seq ? [endAt] : []));
  return {
    startedAt: Math.min(...calls.map(({ at }) => at)),
    endedAt: isOpen || ends.length === 0 ? null : Math.max(...ends),
    line: null,
    retry: null,
    usage: isOpen ? noUsage : now.usage,
  };
}
