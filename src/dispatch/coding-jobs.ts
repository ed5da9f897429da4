/** A dispatcher's jobs as coding jobs: each task is one, in the repository and with the settings of the dispatcher. */

import type { Config } from "../config/load-config.ts";
import { type Orch, planJob } from "../orch.ts";
import type { DispatchedJobs } from "./dispatched-jobs.ts";

export function codingJobs(orch: Orch, config: Config): DispatchedJobs {
  return {
    store: orch.store,
    pricesOf: orch.pricesOf,
    create: async ({ jobId, description, labels }) =>
      await orch.create(await planJob({ ...config, jobId }, description), labels),
    run: (jobId, options) => orch.run(jobId, options),
  };
}
