/** Looks at jobs and leaves word for them: what needs the database only, not Codex, a key or a repository. */

import { randomUUID } from "node:crypto";
import { type CodingJobContext, type CodingJobEvent, codingJob } from "../../workflows/coding-job.ts";
import type { CodingJobInput, CodingJobOutput } from "../core/coding.ts";
import { OrchError, UsageError } from "../core/errors.ts";
import { isPlainObject, type Json } from "../core/json.ts";
import type { JobEvent } from "../core/protocol.ts";
import { createRedactor, type Redact, redactJson } from "../core/redact.ts";
import { ROOT_ACTOR } from "../engine/actor-id.ts";
import type { EngineEvent } from "../engine/engine-event.ts";
import type { PersistedSnapshot } from "../engine/interpreter.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { foreignInput } from "./foreign-input.ts";
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

/** Every job that orch makes has such an input, also of a workflow of one's own; of other programs' jobs the labels tell. */
export function inputOf(job: Pick<JobRecord, "id" | "workflow" | "input" | "labels">): CodingJobInput {
  const { input } = job;
  const isOurs = isPlainObject(input) && isPlainObject(input.repository) && isPlainObject(input.settings);
  return isOurs || isCodingJob(job) ? (input as unknown as CodingJobInput) : foreignInput(job);
}

/** Where the job's root machine stands; null before its first transition. */
export function snapshotOf(store: Store, jobId: string): PersistedSnapshot | null {
  const text = store.getActor(jobId, ROOT_ACTOR)?.snapshot;
  return text ? (JSON.parse(text) as PersistedSnapshot) : null;
}

/** Of a machine that is not orch's, what is missing is empty. */
export function contextOf({ context }: PersistedSnapshot): CodingJobContext {
  if (isPlainObject(context) && Array.isArray(context.board) && typeof context.summary === "string") {
    return context as unknown as CodingJobContext;
  }
  const nothing = { summary: "", board: [], head: "", stat: null };
  return { ...(isPlainObject(context) ? context : {}), ...nothing } as unknown as CodingJobContext;
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
export function finishedEvent(store: Store, job: JobRecord): JobEvent {
  const output = job.output as unknown as CodingJobOutput | null;
  return {
    type: "job.finished",
    jobId: job.id,
    status: job.status as "done" | "failed" | "cancelled" | "paused",
    resultBranch: output?.resultBranch ?? null,
    resultCommit: output?.resultCommit ?? null,
    stat: output?.stat ?? null,
    pushedTo: output?.pushedTo ?? null,
    usage: store.getUsage(job.id),
    error: job.error && toEventError(job.error),
  };
}

export function hasSettled({ status }: JobRecord): boolean {
  return status !== "running" && status !== "waiting";
}
