/** `orch replay <job>`: folds the history through the workflows once more, and says where it first leads elsewhere. */

import { replayJob } from "../../jobs/job-replay.ts";
import { isCodingJob } from "../../jobs/jobs.ts";
import { loadWorkflowOf } from "../../own-workflow/own-job.ts";
import { defineOrchCommand, EXIT, jobArgument, jsonFlag } from "../command.ts";
import { choosePaint } from "../format/paint.ts";
import { replayLines } from "../format/replay-lines.ts";
import { withJob } from "../open-jobs.ts";

export const replay = defineOrchCommand({
  args: { job: jobArgument, json: jsonFlag },
  run: (args, session) =>
    withJob(session, args.job, async (store, job) => {
      const own = isCodingJob(job) ? undefined : await loadWorkflowOf(store, job);
      const found = replayJob(store, job, own);
      const { stdout, environment } = session;
      if (session.json) stdout.json(found);
      else stdout.lines(replayLines(found, choosePaint(stdout.stream, environment)));
      return found.divergence === null && found.changed.length === 0 ? EXIT.ok : EXIT.failed;
    }),
});
