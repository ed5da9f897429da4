/** `orch cancel <job>`: leaves word for whoever runs the job; if nobody does, ends it here and now. */

import { errorMessage, OrchError } from "../../core/errors.ts";
import { count } from "../../core/figures.ts";
import { type JobView, viewJob } from "../../jobs/job-view.ts";
import { cancellation } from "../../jobs/job-words.ts";
import { signalJob } from "../../jobs/jobs.ts";
import type { Store } from "../../store/store.ts";
import { defineOrchCommand, EXIT, jobArgument } from "../command.ts";
import { withJob } from "../open-jobs.ts";
import { refuseInDryRun } from "../refuse-in-dry-run.ts";
import type { Session } from "../session.ts";
import { whatNext } from "../tell-job.ts";

export const cancel = defineOrchCommand({
  args: { job: jobArgument },
  run: async (args, session) => {
    refuseInDryRun(session);
    return await withJob(session, args.job, async (store, record) => {
      const job = viewJob(store, record, Date.now());
      const { event, said } = cancellation(job);
      // It may have been told before, by a command that was killed before it had ended the job.
      if (!isPending(job, event.type)) signalJob(store, job.id, event);
      // A paused job takes no other word.
      if (job.state === "paused" && !isPending(job, "orch.continue"))
        signalJob(store, job.id, { type: "orch.continue" });
      session.stdout.line(said);
      if (job.runBy) session.stdout.line(whatNext(job));
      else await end(store, job, session);
      return EXIT.ok;
    });
  },
});

async function end(store: Store, job: JobView, { stdout, stderr }: Session): Promise<void> {
  const { cancelIdleJob } = await import("../../jobs/cancel-idle-job.ts");
  try {
    const { isOver, ended } = await cancelIdleJob(store, job.id);
    if (!isOver) stdout.line(whatNext(job));
    if (ended.length > 0) {
      stdout.line(
        `${count(ended.length, "process", "processes")} that nobody watched over any more ended: ${ended.join(", ")}`,
      );
    }
  } catch (error) {
    // The word is committed: whoever runs the job next takes it.
    stderr.line(`orch: it has not ended yet: ${errorMessage(error)}`);
    if (error instanceof OrchError && error.hint !== undefined) stderr.line(`  ${error.hint}`);
    stdout.line(whatNext(job));
  }
}

function isPending({ pending }: JobView, type: string): boolean {
  return pending.some((word) => word.type === type);
}
