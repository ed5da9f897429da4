/** What the address of a stream asks for. */

import { z } from "zod";
import { parseJobId } from "../../core/ids.ts";
import { HttpError } from "../http-error.ts";
import type { Watcher } from "./watcher.ts";

const schema = z.object({
  job: z.string().max(64).optional(),
  since: z.coerce.number().int().min(0).default(0),
  jobs: z.enum(["0", "1"]).default("0"),
});

export type StreamQuery = z.output<typeof schema>;

/** @throws HttpError `bad-request`; UsageError `bad-job-id` */
export function streamQueryOf(url: URL): StreamQuery {
  const parsed = schema.safeParse(Object.fromEntries(url.searchParams));
  if (!parsed.success) throw new HttpError(400, "bad-request", "the query is wrong: job, since and jobs=1 are known");
  if (parsed.data.job !== undefined) parseJobId(parsed.data.job);
  return parsed.data;
}

export function beginWatching(watcher: Watcher, { job, since, jobs }: StreamQuery): void {
  if (jobs === "1") watcher.watchJobs(true);
  if (job !== undefined || jobs === "0") watcher.watch(job ?? null, since);
}
