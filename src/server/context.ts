/** What the routes have at hand. */

import type { RunSetup } from "../command-access.ts";
import type { PricesOf } from "../core/cost.ts";
import type { Redact } from "../core/redact.ts";
import type { JobFacts } from "../jobs/view/job-facts.ts";
import type { Timelines } from "../jobs/view/job-timeline.ts";
import type { JobLogs } from "../jobs/view/log-sources.ts";
import type { Reads } from "../store/reads.ts";
import type { JobRecord, Store } from "../store/store.ts";
import type { Hub } from "./live/hub.ts";
import type { Runner } from "./runner.ts";

export interface ServerContext {
  readonly version: string;
  readonly store: Store;
  readonly reads: Reads;
  readonly timelines: Timelines;
  readonly logs: JobLogs;
  readonly hub: Hub;
  readonly runner: Runner;
  readonly redact: Redact;
  /** From now on what the job keeps secret (in files that it copies) is not told either. */
  readonly keepSecretsOf: (job: JobRecord) => void;
  readonly pricesOf: PricesOf;
  readonly databasePath: string;
  /** Whether nothing may be done to jobs, only looked at. */
  readonly isDryRun: boolean;
  readonly runSetup: RunSetup;
  /** Absolute paths of the repositories that the server was started for. */
  readonly repositories: readonly string[];
  /** What is known of a job's parts, up to date. */
  readonly factsOf: (jobId: string) => JobFacts;
}
