/** `orch reject <job> --feedback "<text>"` */

import { rejection } from "../../jobs/job-words.ts";
import { defineOrchCommand, jobArgument } from "../command.ts";
import { tellJob } from "../tell-job.ts";
import { wrongUsage } from "../wrong-usage.ts";

export const reject = defineOrchCommand({
  args: {
    job: jobArgument,
    feedback: { type: "string", valueHint: "text", description: "What the planner is to do differently." },
  },
  run: (args, session) => {
    const feedback = args.feedback?.trim();
    if (!feedback) throw wrongUsage("--feedback is missing", 'say what is to be different: --feedback "<text>"');
    return tellJob(session, args.job, (job) => rejection(job, feedback));
  },
});
