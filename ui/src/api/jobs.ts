/** Jobs: reading them, and having something done with them. */

import {
  type Done,
  doneSchema,
  type ForkJob,
  type JobAction,
  type JobMade,
  jobMadeSchema,
  type SendEvent,
  type StartJob,
} from "../../../src/core/protocol/actions.ts";
import { type FullEntry, fullEntrySchema, type PointView, pointSchema } from "../../../src/core/protocol/history.ts";
import {
  type JobDetail,
  type JobsPage,
  jobDetailSchema,
  jobsPageSchema,
  type SessionView,
  sessionSchema,
} from "../../../src/core/protocol/jobs.ts";
import { get, path, post } from "./request.ts";

export interface JobsFilter {
  readonly text?: string | undefined;
  /** Several, by commas. */
  readonly state?: string | undefined;
  readonly repository?: string | undefined;
}

export const getSession = (): Promise<SessionView> => get(sessionSchema, "/session");

export const listJobs = (
  filter: JobsFilter & { cursor?: string | undefined; limit?: number },
  signal?: AbortSignal,
): Promise<JobsPage> => get(jobsPageSchema, "/jobs", { ...filter }, signal);

/** With the instructions of each subtask, which the stream does not carry. */
export const getJob = (job: string, signal?: AbortSignal): Promise<JobDetail> =>
  get(jobDetailSchema, path`/jobs/${job}`, {}, signal);

export const getEntry = (job: string, seq: number): Promise<FullEntry> =>
  get(fullEntrySchema, path`/jobs/${job}/history/${seq}`);

/** @param actor whose context is wanted as well; default: the actor of the entry */
export const getPoint = (job: string, seq: number, actor?: string, signal?: AbortSignal): Promise<PointView> =>
  get(pointSchema, path`/jobs/${job}/at/${seq}`, { actor }, signal);

export const startJob = (start: StartJob): Promise<JobMade> => post(jobMadeSchema, "/jobs", start);

export const actOnJob = (job: string, action: JobAction): Promise<Done> =>
  post(doneSchema, path`/jobs/${job}/actions`, action);

export const forkJob = (job: string, fork: ForkJob): Promise<JobMade> =>
  post(jobMadeSchema, path`/jobs/${job}/fork`, fork);

export const sendEvent = (job: string, event: SendEvent): Promise<Done> =>
  post(doneSchema, path`/jobs/${job}/events`, event);
