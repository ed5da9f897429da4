/** Actors of a job as they are shown, now and at a point: states, contexts, activities, timers. */

import { isErrorData } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { JsonValue } from "../../core/protocol/common.ts";
import type { ActivityItem, ActorDetail, ActorItem } from "../../core/protocol/history.ts";
import { parentOf } from "../../engine/actor-id.ts";
import type { ActorAt, CallAt, Timeline } from "../../engine/timeline.ts";
import type { ActivityFacts, ActorFacts } from "../../store/reads.ts";
import { changesOf, cutJson } from "./context-changes.ts";
import { fullError } from "./plain-error.ts";

const MOST_ACTIVITIES = 200;

export function actorItem(actor: ActorFacts | ActorAt): ActorItem {
  const { id, workflow, version, status, state } = actor;
  const parent = parentOf(id);
  return {
    id,
    parentId: parent?.actorId ?? null,
    invokeId: parent?.invokeId ?? null,
    workflow,
    version,
    status,
    state: state as JsonValue | null,
    seq: "updatedSeq" in actor ? actor.updatedSeq : actor.seq,
  };
}

/**
 * @param facts the actor's activities as they are now: their attempts stand nowhere else
 * @param isNow whether `seq` is the job's last entry: then what runs, and what waits, is as `facts` says
 */
export function actorDetail(params: {
  readonly timeline: Timeline;
  readonly id: string;
  readonly seq: number;
  readonly facts: readonly ActivityFacts[];
  readonly signals: ActorDetail["signals"];
  readonly isNow: boolean;
}): ActorDetail | null {
  const { timeline, id, seq, isNow } = params;
  const actor = timeline.actorAt(id, seq);
  if (!actor) return null;
  const before = timeline.actorAt(id, actor.seq - 1);
  const facts = new Map(params.facts.map((one) => [one.effectId, one]));
  const context = (actor.snapshot?.context ?? null) as Json | null;
  return {
    ...actorItem(actor),
    context: context === null ? null : cutJson(context),
    changes: changesOf((before?.snapshot?.context ?? null) as Json | null, context).changes,
    tags: [...(actor.snapshot?.tags ?? [])],
    activities: timeline.calls
      .filter((call) => call.actorId === id && call.seq <= seq)
      .slice(-MOST_ACTIVITIES)
      .reverse()
      .map((call) => activityItem(call, seq, isNow ? facts.get(call.effectId) : undefined)),
    timers: timeline.timers
      .filter((timer) => timer.actorId === id && timer.seq <= seq && (timer.endSeq === null || timer.endSeq > seq))
      .map(({ sendId, event, fireAt }) => ({ sendId, event, fireAt })),
    signals: isNow ? params.signals : [],
  };
}

function activityItem(call: CallAt, seq: number, facts: ActivityFacts | undefined): ActivityItem {
  const isOver = call.endSeq !== null && call.endSeq <= seq;
  const error: unknown = isOver ? call.error : facts?.error;
  return {
    ...{ effectId: call.effectId, invokeId: call.invokeId, name: call.name },
    status: isOver ? (call.end ?? "completed") : "scheduled",
    attempt: facts?.attempt ?? null,
    failures: facts?.failures ?? null,
    scheduledAt: call.at,
    finishedAt: isOver ? call.endAt : null,
    dueAt: !isOver && facts && facts.dueAt > Date.now() ? facts.dueAt : null,
    line: isOver ? null : (facts?.line ?? null),
    error: isErrorData(error) ? fullError(error) : null,
    seq: call.seq,
  };
}
