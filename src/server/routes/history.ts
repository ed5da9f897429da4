/** A job's history, its actors, and the whole job at any point. */

import { z } from "zod";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import type { Json } from "../../core/json.ts";
import type { JsonValue } from "../../core/protocol/common.ts";
import {
  type ActorDetail,
  type ActorsView,
  type FullEntry,
  type HistoryPage,
  historyQuerySchema,
  type PointView,
} from "../../core/protocol/history.ts";
import type { PersistedSnapshot } from "../../engine/interpreter.ts";
import type { Timeline } from "../../engine/timeline.ts";
import { findJob, inputOf } from "../../jobs/jobs.ts";
import { actorDetail, actorItem } from "../../jobs/view/actor-view.ts";
import { changesOf, cutJson } from "../../jobs/view/context-changes.ts";
import { entryView } from "../../jobs/view/entry-view.ts";
import { headOf, subtasksOf } from "../../jobs/view/job-head.ts";
import { momentAt } from "../../jobs/view/point-view.ts";
import type { HistoryRecord } from "../../store/store.ts";
import type { ServerContext } from "../context.ts";
import { type Call, jobIdOf, numberOf, queryOf } from "../request.ts";
import { get, type Route } from "./route.ts";

const actorId = z.string().min(1).max(300);

export const historyRoutes: readonly Route[] = [
  get("/api/jobs/:job/history", (call, { store, timelines }): HistoryPage => {
    const { id, nextSeq } = findJob(store, jobIdOf(call));
    const { after, limit } = queryOf(call, historyQuerySchema);
    // Who reads the history is going to look back: until then it may be ready.
    if (after === 0 && nextSeq > 1) timelines.upTo(id, nextSeq - 1).catch(() => {});
    const entries = store.listHistory(id, { after, limit }).map(entryView);
    return { entries, last: nextSeq - 1, next: entries.length === limit ? (entries.at(-1)?.seq ?? null) : null };
  }),
  get("/api/jobs/:job/history/:seq", (call, context) => fullEntry(call, context)),
  get("/api/jobs/:job/actors", (call, { store, reads }): ActorsView => {
    const { id, nextSeq } = findJob(store, jobIdOf(call));
    return { seq: nextSeq - 1, actors: reads.listActorFacts(id).map(actorItem) };
  }),
  get("/api/jobs/:job/actor", async (call, context) => {
    const job = findJob(context.store, jobIdOf(call));
    const { id, at } = queryOf(call, z.object({ id: actorId, at: z.coerce.number().int().min(1).optional() }));
    const last = job.nextSeq - 1;
    const seq = at ?? last;
    const timeline = await context.timelines.upTo(job.id, seq);
    const detail = actorAt(context, job.id, timeline, id, seq, seq === last);
    if (detail) return detail;
    throw new UsageError(`job ${job.id} has no actor "${printable(id)}" at entry ${seq}`, { code: "actor-unknown" });
  }),
  get("/api/jobs/:job/at/:seq", (call, context) => point(call, context)),
];

async function fullEntry(call: Call, { store, timelines }: ServerContext): Promise<FullEntry> {
  const job = findJob(store, jobIdOf(call));
  const seq = numberOf(call.params.seq, "the number of an entry");
  const timeline = await timelines.upTo(job.id, seq);
  const entry = entryOf(store.listHistory(job.id, { after: seq - 1, limit: 1 }));
  const [before, after] = [timeline.actorAt(entry.actorId, seq - 1), timeline.actorAt(entry.actorId, seq)];
  const { changes, isCut } = changesOf(contextOf(before?.snapshot), contextOf(after?.snapshot));
  return {
    ...entryView(entry),
    payload: cutJson(entry.event),
    fullEffects: entry.effects.map(cutJson),
    stateBefore: (before?.state ?? null) as JsonValue,
    changes,
    changesCut: isCut,
  };
}

async function point(call: Call, context: ServerContext): Promise<PointView> {
  const { store, timelines, factsOf, pricesOf } = context;
  const record = findJob(store, jobIdOf(call));
  const seq = numberOf(call.params.seq, "the number of an entry");
  const wanted = queryOf(call, z.object({ actor: actorId.optional() })).actor;
  const timeline = await timelines.upTo(record.id, seq);
  const entry = entryOf(store.listHistory(record.id, { after: seq - 1, limit: 1 }));
  const moment = momentAt({
    record,
    timeline,
    seq,
    facts: factsOf(record.id),
    prices: pricesOf(inputOf(record).repository.root),
  });
  return {
    entry: entryView(entry),
    detail: { job: headOf(moment), subtasks: subtasksOf(moment, null) },
    actors: timeline.actorsAt(seq).map(actorItem),
    actor: actorAt(context, record.id, timeline, wanted ?? entry.actorId, seq, seq === record.nextSeq - 1),
    divergesAt: timeline.divergesAt !== null && timeline.divergesAt <= seq ? timeline.divergesAt : null,
  };
}

function actorAt(
  { store, reads }: ServerContext,
  jobId: string,
  timeline: Timeline,
  id: string,
  seq: number,
  isNow: boolean,
): ActorDetail | null {
  const facts = isNow ? reads.listActivityFacts(jobId, { actorId: id }) : [];
  const signals = isNow
    ? store
        .listPendingSignals(jobId)
        .flatMap(({ id: signalId, actorId: to, event, createdAt }) =>
          to === id ? [{ id: signalId, event: String((event as { readonly type?: unknown }).type), createdAt }] : [],
        )
    : [];
  const detail = actorDetail({ timeline, id, seq, facts, signals, isNow });
  if (!detail || detail.context !== null || !isNow) return detail;
  // A machine that is not to be had here: where it stands now is on record all the same.
  const snapshot = store.getActor(jobId, id)?.snapshot;
  const context = contextOf(snapshot ? (JSON.parse(snapshot) as PersistedSnapshot) : null);
  return { ...detail, context: context === null ? null : cutJson(context) };
}

function entryOf([entry]: readonly HistoryRecord[]): HistoryRecord {
  if (entry) return entry;
  throw new UsageError("there is no such entry", { code: "point-unknown" });
}

function contextOf(snapshot: { readonly context: unknown } | null | undefined): Json | null {
  return (snapshot?.context ?? null) as Json | null;
}
