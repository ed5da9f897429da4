/** `orch pause <job>` */

import { pausing } from "../../jobs/job-words.ts";
import { defineOrchCommand, jobArgument } from "../command.ts";
import { tellJob } from "../tell-job.ts";

export const pause = defineOrchCommand({
  args: { job: jobArgument },
  run: (args, session) => tellJob(session, args.job, pausing),
});
