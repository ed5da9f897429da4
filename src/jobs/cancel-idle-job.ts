/** Brings a job that was cancelled while nobody runs it to its end: without a key, without Codex, and at once. */

import { activityNames } from "../coding-workflows.ts";
import type { ActivityContext } from "../core/activity.ts";
import { jobPaths } from "../core/job-paths.ts";
import { createRedactor } from "../core/redact.ts";
import { createEngine } from "../engine/engine.ts";
import { loadWorkflowOf } from "../own-workflow/own-job.ts";
import { withOwn } from "../own-workflow/registered.ts";
import { endJobProcesses } from "../services/job-processes.ts";
import { isGone, thisOwner } from "../services/owner.ts";
import type { Store } from "../store/store.ts";
import { logJobEvent } from "./job-event-log.ts";
import { openJobLog } from "./job-log.ts";
import { findJob, finishedEvent, inputOf, isCodingJob } from "./jobs.ts";

/** Every state of the machine takes a cancel, so this is never reached by a job of this orch. */
const LIMIT_MS = 10_000;

export interface Cancelled {
  /** False if its machine has not taken the word: it does when the job is resumed. */
  readonly isOver: boolean;
  /** Ids of the processes that a dead orchestrator had left running for it, and that were ended. */
  readonly ended: readonly number[];
}

/**
 * The word itself must be committed before. The lease keeps every other orchestrator away meanwhile; once the job is
 * over nobody can start anything for it, so what still runs was left behind.
 *
 * @throws OrchError `job-running-elsewhere`, `workflow-gone`, `workflow-changed`, `workflow-file-gone`, `workflow-file-changed`, `processes-left`, or the store's own
 */
export async function cancelIdleJob(store: Store, jobId: string): Promise<Cancelled> {
  const record = findJob(store, jobId);
  const { repository } = inputOf(record);
  const own = isCodingJob(record) ? undefined : await loadWorkflowOf(store, record);
  const { workflows, activities } = withOwn(own, activityNames as never);
  const log = openJobLog(jobPaths(repository.root, jobId).log, createRedactor([]));
  const engine = createEngine({
    store,
    workflows,
    activities: Object.fromEntries(Object.keys(activities).map((name) => [name, { run: untilStopped }])),
    owner: await thisOwner(),
    isGone,
    logFor: () => log,
  });
  const job = await engine.run(jobId, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (!job.closed) return { isOver: false, ended: [] };
  logJobEvent(log, finishedEvent(store, job));
  return { isOver: true, ended: await endJobProcesses(repository.root, jobId) };
}

/** What every activity does here: nothing. */
function untilStopped(_input: unknown, { signal }: ActivityContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
