/** `orch continue <job>` */

import { continuing } from "../../jobs/job-words.ts";
import { defineOrchCommand, jobArgument } from "../command.ts";
import { tellJob } from "../tell-job.ts";

export const continueJob = defineOrchCommand({
  args: { job: jobArgument },
  run: (args, session) => tellJob(session, args.job, continuing),
});
