/** A job as it was after an entry of its history. */

import { addSpending, noSpending, type Prices } from "../../core/cost.ts";
import { type ErrorData, isErrorData } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { JobStateName } from "../../core/protocol/common.ts";
import { ROOT_ACTOR } from "../../engine/actor-id.ts";
import type { CallAt, SnapshotAt, Timeline } from "../../engine/timeline.ts";
import { STATUS_TAGS } from "../../engine/workflow.ts";
import type { JobRecord } from "../../store/store.ts";
import { codingContext } from "../coding-part.ts";
import { type JobFacts, noFacts, type PartFacts } from "./job-facts.ts";
import { type Moment, topState } from "./job-head.ts";
import { partOf } from "./parts.ts";

export interface PointParams {
  readonly record: JobRecord;
  readonly timeline: Timeline;
  readonly seq: number;
  /** As it is now: what a part that was over by then has cost stands there only. */
  readonly facts: JobFacts;
  readonly prices: Prices | null;
}

export function momentAt({ record, timeline, seq, facts, prices }: PointParams): Moment {
  const root = timeline.actorAt(ROOT_ACTOR, seq);
  const snapshot = root?.snapshot ?? null;
  const context = snapshot && codingContext(snapshot.context);
  const at = timeline.timeOf(seq) ?? record.createdAt;
  const state = timeline.isPausedAt(seq) ? "paused" : stateOf(snapshot, root?.state ?? null);
  const parts = factsAt(timeline, seq, facts);
  const spent = [...parts.values()].map((part) => part.spent).reduce(addSpending, noSpending);
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
    output: snapshot?.output ?? null,
    error: isErrorData(error) ? (error as ErrorData) : null,
    spent,
    prices,
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
    spent: isOpen ? noSpending : now.spent,
  };
}
