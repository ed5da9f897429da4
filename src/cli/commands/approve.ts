/** `orch approve <job>` */

import { approval } from "../../jobs/job-words.ts";
import { defineOrchCommand, jobArgument } from "../command.ts";
import { tellJob } from "../tell-job.ts";

export const approve = defineOrchCommand({
  args: { job: jobArgument },
  run: (args, session) => tellJob(session, args.job, approval),
});
