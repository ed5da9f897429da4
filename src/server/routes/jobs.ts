/** The session, the list of jobs, and one job at a glance. */

import { JOB_STATES } from "../../core/protocol/common.ts";
import type { JobDetail, JobItem, JobsPage, SessionView } from "../../core/protocol/jobs.ts";
import { jobsQuerySchema } from "../../core/protocol/jobs.ts";
import { findJob } from "../../jobs/jobs.ts";
import { headOf, subtasksOf } from "../../jobs/view/job-head.ts";
import { instructionsOf, jobItem, momentNow } from "../../jobs/view/job-now.ts";
import type { ServerContext } from "../context.ts";
import { HttpError } from "../http-error.ts";
import { listRepositories } from "../repositories.ts";
import { jobIdOf, queryOf } from "../request.ts";
import { get, type Route } from "./route.ts";

/** Jobs that one request looks at: a page that found little says where to go on. */
const MOST_LOOKED_AT = 2000;
const PORTION = 100;

export const jobRoutes: readonly Route[] = [
  get("/api/session", (_call, { version, reads, repositories, runner }): SessionView => {
    return { version, now: Date.now(), repositories: listRepositories(reads, repositories), runner: runner.standing };
  }),
  get("/api/jobs", (call, context) => jobsPage(context, queryOf(call, jobsQuerySchema))),
  get("/api/jobs/:job", (call, context) => jobDetail(context, jobIdOf(call))),
];

export function jobDetail({ store, reads, factsOf, pricesOf }: ServerContext, jobId: string): JobDetail {
  const record = findJob(store, jobId);
  const actors = new Map(reads.listActorFacts(jobId).map((actor) => [actor.id, actor.state]));
  const stateOf = (actorId: string) => actors.get(actorId) ?? null;
  const moment = momentNow({ store, record, facts: factsOf(jobId), stateOf, now: Date.now(), pricesOf });
  return { job: headOf(moment), subtasks: subtasksOf(moment, instructionsOf(store, jobId)) };
}

type Query = ReturnType<(typeof jobsQuerySchema)["parse"]>;

function jobsPage({ store, reads, pricesOf }: ServerContext, query: Query): JobsPage {
  const isWanted = filterOf(query);
  const jobs: JobItem[] = [];
  let before = cursorOf(query.cursor);
  const now = Date.now();
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += PORTION) {
    const records = reads.listJobsBefore({ before, limit: PORTION });
    for (const record of records) {
      before = { createdAt: record.createdAt, id: record.id };
      const item = jobItem(store, record, now, pricesOf);
      if (isWanted(item)) jobs.push(item);
      if (jobs.length === query.limit) return { jobs, next: `${before.createdAt}.${before.id}` };
    }
    if (records.length < PORTION) return { jobs, next: null };
  }
  return { jobs, next: before ? `${before.createdAt}.${before.id}` : null };
}

function filterOf({ text = "", state, repository }: Query): (item: JobItem) => boolean {
  const words = text.toLowerCase().trim();
  const states = state?.split(",").filter(Boolean);
  const unknown = states?.find((one) => !(JOB_STATES as readonly string[]).includes(one));
  if (unknown !== undefined) throw new HttpError(400, "bad-request", "that is not a state", JOB_STATES.join(", "));
  return (item) => {
    if (states && states.length > 0 && !states.includes(item.state)) return false;
    if (repository !== undefined && item.repository.id !== repository) return false;
    const texts = [item.id, item.task, item.repository.path, item.baseBranch ?? "", item.resultBranch ?? ""];
    return words === "" || texts.some((one) => one.toLowerCase().includes(words));
  };
}

function cursorOf(cursor: string | undefined): { readonly createdAt: number; readonly id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, createdAt, id] = /^(\d{1,16})\.([a-z0-9-]{1,64})$/.exec(cursor) ?? [];
  if (createdAt !== undefined && id !== undefined) return { createdAt: Number(createdAt), id };
  throw new HttpError(400, "bad-request", "that is not a cursor of this server");
}
