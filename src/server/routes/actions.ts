/** What pages have done: jobs started, words said to them, forks. Each is what a command of the same name does. */

import { errorMessage, OrchError, UsageError } from "../../core/errors.ts";
import { parseJobId } from "../../core/ids.ts";
import {
  type Done,
  forkJobSchema,
  type JobAction,
  type JobMade,
  jobActionSchema,
  sendEventSchema,
  startJobSchema,
} from "../../core/protocol/actions.ts";
import { cancelIdleJob } from "../../jobs/cancel-idle-job.ts";
import { forkCodingJob } from "../../jobs/fork/fork-job.ts";
import { type JobView, viewJob } from "../../jobs/job-view.ts";
import {
  approval,
  cancellation,
  continuing,
  pausing,
  rejection,
  retry,
  skipping,
  type Word,
} from "../../jobs/job-words.ts";
import { findJob, inputOf, signalJob } from "../../jobs/jobs.ts";
import { refuseIfForeign, refuseUnlessResumable } from "../../jobs/view/job-actions.ts";
import { eventToSend } from "../../jobs/view/possible-events.ts";
import type { ServerContext } from "../context.ts";
import { repositoryOf } from "../repositories.ts";
import { bodyOf, type Call, jobIdOf } from "../request.ts";
import { post, type Route } from "./route.ts";

export const actionRoutes: readonly Route[] = [
  post("/api/jobs", startJob),
  post("/api/jobs/:job/actions", act),
  post("/api/jobs/:job/fork", fork),
  post("/api/jobs/:job/events", sendEvent),
];

async function startJob(call: Call, { reads, repositories, runner }: ServerContext): Promise<Response> {
  const { repository, task, ...flags } = await bodyOf(call, startJobSchema);
  if (flags.jobId !== undefined) parseJobId(flags.jobId);
  const made: JobMade = { jobId: await runner.start(repositoryOf(reads, repositories, repository), task, flags) };
  return Response.json(made, { status: 201 });
}

async function act(call: Call, context: ServerContext): Promise<Done> {
  const action = await bodyOf(call, jobActionSchema);
  const { store, redact } = context;
  const record = findJob(store, jobIdOf(call));
  refuseIfForeign(record, action.action);
  const job = viewJob(store, record, Date.now());
  if (action.action === "cancel") return cancel(context, job);
  if (action.action === "resume") {
    refuseUnlessResumable(job);
    await context.runner.resume(inputOf(findJob(store, job.id)).repository.root, job.id);
    return { said: `job ${job.id} goes on`, notRun: null };
  }
  const { event, said } = wordOf(action, job);
  signalJob(store, job.id, event, redact);
  return { said, notRun: action.action === "pause" ? null : await goOn(context, job) };
}

function wordOf(action: Exclude<JobAction, { action: "cancel" | "resume" }>, job: JobView): Word {
  switch (action.action) {
    case "approve":
      return approval(job);
    case "reject":
      return rejection(job, action.feedback);
    case "pause":
      return pausing(job);
    case "continue":
      return continuing(job);
    case "retry":
      return retry(job, action.subtaskId);
    case "skip":
      return skipping(job, action.subtaskId);
  }
}

/** As `orch cancel`: the word is committed; if nobody runs the job it is ended here and now. */
async function cancel({ store, redact }: ServerContext, job: JobView): Promise<Done> {
  const { event, said } = cancellation(job);
  const isPending = (type: string) => job.pending.some((word) => word.type === type);
  if (!isPending(event.type)) signalJob(store, job.id, event, redact);
  // A paused job takes no other word.
  if (job.state === "paused" && !isPending("orch.continue")) {
    signalJob(store, job.id, { type: "orch.continue" }, redact);
  }
  if (job.runBy) return { said, notRun: null };
  try {
    await cancelIdleJob(store, job.id);
    return { said, notRun: null };
  } catch (error) {
    return { said, notRun: plain(error) };
  }
}

async function fork(call: Call, context: ServerContext): Promise<Response> {
  const { at, jobId, run } = await bodyOf(call, forkJobSchema);
  const { store, redact, databasePath, runSetup } = context;
  const from = jobIdOf(call);
  refuseIfForeign(findJob(store, from), "fork");
  if (at > findJob(store, from).nextSeq - 1) {
    throw new UsageError(`the history of job ${from} has no entry ${at}`, { code: "point-unknown" });
  }
  const job = await forkCodingJob({ store, databasePath, jobId: from, at, newJobId: jobId, redact, runSetup });
  if (run) await goOn(context, viewJob(store, job, Date.now()));
  const made: JobMade = { jobId: job.id };
  return Response.json(made, { status: 201 });
}

async function sendEvent(call: Call, context: ServerContext): Promise<Done> {
  const asked = await bodyOf(call, sendEventSchema);
  const { store, redact } = context;
  const job = findJob(store, jobIdOf(call));
  const event = eventToSend(store, job, asked);
  const view = viewJob(store, job, Date.now());
  if (event.type === "job.cancel") return cancel(context, view);
  signalJob(store, job.id, event, redact);
  return { said: `job ${job.id} was told ${event.type}`, notRun: await goOn(context, view) };
}

/** Runs the job here, if nobody does. What keeps it from that is no error: the word stands. */
async function goOn({ runner, store }: ServerContext, job: JobView): Promise<Done["notRun"]> {
  if (job.runBy) return null;
  try {
    await runner.resume(inputOf(findJob(store, job.id)).repository.root, job.id);
    return null;
  } catch (error) {
    return plain(error);
  }
}

function plain(error: unknown): NonNullable<Done["notRun"]> {
  if (!(error instanceof OrchError)) return { message: errorMessage(error) };
  const { message, code, hint } = error;
  return { message, code, ...(hint !== undefined && { hint }) };
}
