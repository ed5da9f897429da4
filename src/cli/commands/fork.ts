/** `orch fork <job> --at <point>`: a new job from a point of another's history, with what was paid up to there reused. */

import { createRunSetup } from "../../command-access.ts";
import { loadDatabasePath } from "../../config/load-config.ts";
import { forkCodingJob } from "../../jobs/fork/fork-job.ts";
import { viewJob } from "../../jobs/job-view.ts";
import { defineOrchCommand, EXIT, jobArgument, jsonFlag } from "../command.ts";
import { stepLines } from "../format/end-lines.ts";
import { nextSteps } from "../format/next-steps.ts";
import { withJob } from "../open-jobs.ts";
import { refuseInDryRun } from "../refuse-in-dry-run.ts";
import { wrongUsage } from "../wrong-usage.ts";

export const fork = defineOrchCommand({
  args: {
    job: jobArgument,
    at: {
      type: "string",
      required: true,
      valueHint: "point",
      description: "The last entry of its history that the new job has, as orch history numbers them.",
    },
    "job-id": { type: "string", valueHint: "id", description: "Id of the new job. Default: a new one." },
    json: jsonFlag,
  },
  run: (args, session) => {
    refuseInDryRun(session);
    const at = parsePoint(args.at);
    return withJob(session, args.job, async (store, old) => {
      const { stdout, directory, environment, redact } = session;
      const databasePath = loadDatabasePath(environment, directory);
      const options = {
        ...{ store, databasePath, redact },
        jobId: old.id,
        at,
        newJobId: args["job-id"],
        runSetup: createRunSetup(environment, directory),
      };
      const job = viewJob(store, await forkCodingJob(options), Date.now());
      if (session.json) stdout.json(job);
      else {
        stdout.lines([
          `job ${job.id} is there: it begins as job ${old.id} was after entry ${at} of its history`,
          ...stepLines(nextSteps(job, directory)),
        ]);
      }
      return EXIT.ok;
    });
  },
});

function parsePoint(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw wrongUsage(`--at is not a point of a history`, 'give the number of an entry, as "orch history <job>" shows it');
}
