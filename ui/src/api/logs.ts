/** The logs of a job. */

import { type LogPage, type LogSources, logPageSchema, logSourcesSchema } from "../../../src/core/protocol/logs.ts";
import { get, path } from "./request.ts";

export const listLogs = (job: string, signal?: AbortSignal): Promise<LogSources> =>
  get(logSourcesSchema, path`/jobs/${job}/logs`, {}, signal);

/** `from` negative: that many before the end. With `search` only what matches comes back. */
export const getLogPage = (
  job: string,
  log: string,
  query: { readonly from: number; readonly limit: number; readonly search?: string },
  signal?: AbortSignal,
): Promise<LogPage> => get(logPageSchema, path`/jobs/${job}/logs/${log}`, { ...query }, signal);
