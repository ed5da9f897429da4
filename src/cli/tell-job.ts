/** Leaves word for a job, after a look at whether it can take it: what approve, reject, cancel, pause, continue, retry and skip share. */

import { type JobView, viewJob } from "../jobs/job-view.ts";
import type { Word } from "../jobs/job-words.ts";
import { signalJob } from "../jobs/jobs.ts";
import { EXIT, type ExitCode } from "./command.ts";
import { withJob } from "./open-jobs.ts";
import { refuseInDryRun } from "./refuse-in-dry-run.ts";
import type { Session } from "./session.ts";

/** @param decide looks at the job as it is now, and throws a UsageError if it cannot take the word */
export function tellJob(session: Session, jobId: string, decide: (job: JobView) => Word): Promise<ExitCode> {
  refuseInDryRun(session);
  return withJob(session, jobId, (store, record) => {
    const job = viewJob(store, record, Date.now());
    const { event, said } = decide(job);
    signalJob(store, jobId, event, session.redact);
    session.stdout.lines([said, whatNext(job)]);
    return EXIT.ok;
  });
}

export function whatNext({ id, runBy }: JobView): string {
  if (runBy) return `process ${runBy.pid} on ${runBy.host} runs the job, and takes it from here`;
  return `nobody runs the job now; it takes effect with: orch resume ${id}`;
}
