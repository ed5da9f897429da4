/** `orch skip <job> <subtask>` */

import { skipping } from "../../jobs/job-words.ts";
import { defineOrchCommand, jobArgument } from "../command.ts";
import { tellJob } from "../tell-job.ts";

export const skip = defineOrchCommand({
  args: { job: jobArgument, subtask: { type: "positional", required: true, description: "The one that failed." } },
  run: (args, session) => tellJob(session, args.job, (job) => skipping(job, args.subtask)),
});
