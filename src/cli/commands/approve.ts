/** `orch approve <job>` */

import { defineOrchCommand, jobArgument } from "../command.ts";
import { approval } from "../job-words.ts";
import { tellJob } from "../tell-job.ts";

export const approve = defineOrchCommand({
  args: { job: jobArgument },
  run: (args, session) => tellJob(session, args.job, approval),
});
