/** Looks at jobs and leaves word for them: what needs the database only, not Codex, a key or a repository. */

import { randomUUID } from "node:crypto";
import { type CodingJobContext, type CodingJobEvent, codingJob } from "../../workflows/coding-job.ts";
import type { CodingJobInput } from "../core/coding.ts";
import { type Cost, costOf, noPrices, type PricesOf, spendingOf, totalOf } from "../core/cost.ts";
import { OrchError, UsageError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { JobEvent } from "../core/protocol.ts";
import { createRedactor, type Redact, redactJson } from "../core/redact.ts";
import type { TokenUsage } from "../core/usage.ts";
import { ROOT_ACTOR } from "../engine/actor-id.ts";
import type { EngineEvent } from "../engine/engine-event.ts";
import type { PersistedSnapshot } from "../engine/interpreter.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { type Asked, codingContext, codingInput, codingOutput } from "./coding-part.ts";
import { toEventError } from "./job-events.ts";

/** @throws UsageError `job-unknown` */
export function findJob(store: Store, jobId: string): JobRecord {
  const job = store.getJob(jobId);
  if (job) return job;
  throw jobUnknown(jobId);
}

/** For what comes before a job is made: the engine says the same when it is. @throws UsageError `job-exists` */
export function refuseTakenId(store: Store, jobId: string): void {
  if (!store.getJob(jobId)) return;
  throw new UsageError(`a job ${jobId} exists already`, {
    code: "job-exists",
    hint: `go on with it by "orch resume ${jobId}", or choose another id`,
  });
}

export function jobUnknown(jobId: string): UsageError {
  return new UsageError(`there is no job "${jobId}"`, { code: "job-unknown", hint: 'see the jobs with "orch list"' });
}

/** Whether it is of orch's own workflow: what plans, subtasks and results are looked for in. */
export function isCodingJob({ workflow }: Pick<JobRecord, "workflow">): boolean {
  return workflow === codingJob.name;
}

/** Every job that orch makes has such an input, also of a workflow of one's own; of others what there is. */
export function inputOf(job: Asked): CodingJobInput {
  return codingInput(job);
}

/** Where the job's root machine stands; null before its first transition. */
export function snapshotOf(store: Store, jobId: string): PersistedSnapshot | null {
  const text = store.getActor(jobId, ROOT_ACTOR)?.snapshot;
  return text ? (JSON.parse(text) as PersistedSnapshot) : null;
}

export function contextOf(snapshot: PersistedSnapshot): CodingJobContext {
  return codingContext(snapshot.context);
}

/**
 * Commits an event for the job's machine, without secrets, whoever runs it and whether or not it runs now.
 *
 * @throws UsageError `job-unknown`, `job-closed`
 */
export function signalJob(
  store: Store,
  jobId: string,
  event: CodingJobEvent | EngineEvent | ({ readonly type: string } & Readonly<Record<string, Json>>),
  redact: Redact = createRedactor([]),
  id: string = randomUUID(),
): void {
  const plain = redactJson({ ...event } as unknown as Json, redact);
  const outcome = store.addSignal({ jobId, id, actorId: ROOT_ACTOR, event: plain, now: Date.now() });
  if (outcome === "added" || outcome === "known") return;
  const { status } = findJob(store, jobId);
  if (outcome === "job-closed") {
    throw new UsageError(`job ${jobId} is ${status} already: nothing can change it any more`, { code: "job-closed" });
  }
  throw new OrchError(`the word for job ${jobId} was not taken (${outcome})`, { code: "signal-refused" });
}

/** What there is to say of a job that has settled. */
export function finishedEvent(store: Store, job: JobRecord, pricesOf: PricesOf = noPrices): JobEvent {
  const output = codingOutput(job.output);
  return {
    type: "job.finished",
    jobId: job.id,
    status: job.status as "done" | "failed" | "cancelled" | "paused",
    resultBranch: output?.resultBranch ?? null,
    resultCommit: output?.resultCommit ?? null,
    stat: output?.stat ?? null,
    pushedTo: output?.pushedTo ?? null,
    ...costsOf(store, job, pricesOf),
    error: job.error && toEventError(job.error),
  };
}

/** What a job used, in tokens and in money. */
export function costsOf(store: Store, job: JobRecord, pricesOf: PricesOf): { usage: TokenUsage; cost: Cost | null } {
  const { repository, settings } = inputOf(job);
  const spent = spendingOf(store.reads.listUsage(job.id));
  return { usage: totalOf(spent), cost: costOf(spent, settings, pricesOf(repository.root)) };
}

export function hasSettled({ status }: JobRecord): boolean {
  return status !== "running" && status !== "waiting";
}
