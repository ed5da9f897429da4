/** `orch pause <job>` */

import { defineOrchCommand, jobArgument } from "../command.ts";
import { pausing } from "../job-words.ts";
import { tellJob } from "../tell-job.ts";

export const pause = defineOrchCommand({
  args: { job: jobArgument },
  run: (args, session) => tellJob(session, args.job, pausing),
});
