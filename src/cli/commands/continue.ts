/** `orch continue <job>` */

import { defineOrchCommand, jobArgument } from "../command.ts";
import { continuing } from "../job-words.ts";
import { tellJob } from "../tell-job.ts";

export const continueJob = defineOrchCommand({
  args: { job: jobArgument },
  run: (args, session) => tellJob(session, args.job, continuing),
});
