/** `orch cancel <job>` */

import { defineOrchCommand, jobArgument } from "../command.ts";
import { cancellation } from "../job-words.ts";
import { tellJob } from "../tell-job.ts";

export const cancel = defineOrchCommand({
  args: { job: jobArgument },
  run: (args, session) => tellJob(session, args.job, cancellation),
});
