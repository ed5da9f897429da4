/** Where a job stands now, as the database has it. */

import { hostname } from "node:os";
import type { Plan } from "../../core/coding.ts";
import { type PricesOf, spendingOf } from "../../core/cost.ts";
import type { Json } from "../../core/json.ts";
import type { JobItem } from "../../core/protocol/jobs.ts";
import type { PersistedSnapshot } from "../../engine/interpreter.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { pendingWords, summarizeJob } from "../job-view.ts";
import type { ToldJob } from "../job-words.ts";
import { contextOf, hasSettled, inputOf, isCodingJob, snapshotOf } from "../jobs.ts";
import { actionsOf } from "./job-actions.ts";
import type { JobFacts } from "./job-facts.ts";
import { itemOf, type Moment, topState } from "./job-head.ts";

export interface NowParams {
  readonly store: Store;
  readonly record: JobRecord;
  /** Where the root machine stands; undefined: it is read. */
  readonly snapshot?: PersistedSnapshot | null;
  readonly facts: JobFacts;
  readonly stateOf: (actorId: string) => Json | null;
  readonly now: number;
  readonly pricesOf: PricesOf;
}

export function momentNow({ store, record, facts, stateOf, now, pricesOf, ...params }: NowParams): Moment {
  const snapshot = params.snapshot === undefined ? snapshotOf(store, record.id) : params.snapshot;
  const pending = pendingWords(store, record.id);
  const basis = basisOf(record, snapshot, now, pricesOf);
  const told: ToldJob = {
    ...{
      id: record.id,
      workflow: record.workflow,
      state: basis.state,
      runBy: basis.runBy,
      phase: basis.phase,
      pending,
    },
    asksApproval: isCodingJob(record) && inputOf(record).settings.approvePlan,
    subtasks: basis.context?.board ?? [],
  };
  return {
    ...basis,
    spent: facts.total,
    partOf: (part) => facts.of(part),
    stateOf,
    pending,
    actions: actionsOf(told, basis.seq, isCodingJob(record)),
  };
}

/** For the list: without what takes further queries. */
export function jobItem(store: Store, record: JobRecord, now: number, pricesOf: PricesOf): JobItem {
  const basis = basisOf(record, snapshotOf(store, record.id), now, pricesOf);
  return itemOf({ ...basis, spent: spendingOf(store.reads.listUsage(record.id)) });
}

/** What the planner wrote for each agent, by subtask. */
export function instructionsOf(store: Store, jobId: string): ReadonlyMap<string, string> {
  const plan = store.getArtifact(jobId, "plan")?.content as Plan | undefined;
  return new Map(plan?.subtasks.map(({ id, instructions }) => [id, instructions]));
}

function basisOf(record: JobRecord, snapshot: PersistedSnapshot | null, now: number, pricesOf: PricesOf) {
  const { state, runBy } = summarizeJob(record, now);
  return {
    record,
    state,
    runBy: runBy && { ...runBy, isHere: runBy.pid === process.pid && runBy.host === hostname() },
    seq: record.nextSeq - 1,
    updatedAt: record.updatedAt,
    settledAt: hasSettled(record) ? record.updatedAt : null,
    phase: topState(snapshot?.value ?? null),
    context: snapshot && contextOf(snapshot),
    output: record.output,
    error: record.error,
    prices: pricesOf(inputOf(record).repository.root),
  };
}
