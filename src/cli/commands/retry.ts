/** `orch retry <job> [subtask]` */

import { retry as retryWord } from "../../jobs/job-words.ts";
import { defineOrchCommand, jobArgument } from "../command.ts";
import { tellJob } from "../tell-job.ts";

export const retry = defineOrchCommand({
  args: {
    job: jobArgument,
    subtask: { type: "positional", required: false, description: "Only this one. Default: all that failed." },
  },
  run: (args, session) => tellJob(session, args.job, (job) => retryWord(job, args.subtask)),
});
