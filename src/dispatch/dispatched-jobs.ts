/** What a dispatcher needs of whoever makes and runs jobs. */

import type { PricesOf } from "../core/cost.ts";
import type { JobEvent } from "../core/protocol.ts";
import type { JobRecord, Store } from "../store/store.ts";

export interface NewTask {
  readonly jobId: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface DispatchedJobs {
  readonly store: Store;
  readonly pricesOf: PricesOf;
  /** Commits a job. @throws UsageError `job-exists`, or why the task cannot become one */
  create(task: NewTask): Promise<JobRecord>;
  /** Runs a job from wherever it stands until it has settled, or the signal says stop. */
  run(
    jobId: string,
    options: { readonly signal: AbortSignal; readonly onEvent: (event: JobEvent) => void },
  ): Promise<JobRecord>;
}
