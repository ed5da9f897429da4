/** Coding jobs for a dispatcher in a program of one's own: what `orch dispatch` stands on. */

import { createRedactor, type Redact } from "../core/redact.ts";
import { codingJobs } from "../dispatch/coding-jobs.ts";
import type { DispatchedJobs } from "../dispatch/dispatched-jobs.ts";
import { processSecrets } from "../jobs/job-secrets.ts";
import { Orch } from "../orch.ts";
import { inspectRepository } from "../services/git/inspect-repository.ts";
import type { Store } from "../store/store.ts";
import { type CodingOptions, surroundingsOf } from "./coding-options.ts";

export interface CodingJobs extends Disposable {
  /** For `runTaskDispatcher`: each task becomes a coding job. */
  readonly jobs: DispatchedJobs;
  /** Root of the repository. */
  readonly repository: string;
  readonly store: Store;
  /** For `createTelegram`: commits a word for a job; the same id is taken once. */
  readonly signal: Orch["signal"];
  /** Takes out the secrets that this process knows. */
  readonly redact: Redact;
}

/**
 * Opens what it takes to work on tasks in one repository. Dispose of it when the dispatcher has ended.
 *
 * @example
 * using coding = await openCodingJobs({ baseDir: "." });
 * const { jobs, repository } = coding;
 * await runTaskDispatcher({ jobs, repository, sources: [createInMemoryTaskSource(["Write a README"])] });
 * @throws UsageError `no-api-key`, `codex-not-found`, `not-a-repository`, `bad-setting`, or that the database cannot be used
 */
export async function openCodingJobs(options: CodingOptions = {}): Promise<CodingJobs> {
  const { config, environment } = surroundingsOf(options);
  const { root } = await inspectRepository({
    path: config.repository,
    baseBranch: config.baseBranch,
    pushRemote: config.pushResult,
  });
  const orch = await Orch.open(config, environment);
  return {
    jobs: codingJobs(orch, config),
    repository: root,
    store: orch.store,
    signal: (jobId, event, id) => orch.signal(jobId, event, id),
    redact: createRedactor(processSecrets(config, environment)),
    [Symbol.dispose]: () => orch[Symbol.dispose](),
  };
}
