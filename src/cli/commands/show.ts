/** `orch show <job>`: its plan, where it stands, what came out, what to do next. */

import { viewJob } from "../../jobs/job-view.ts";
import { defineOrchCommand, EXIT, jobArgument, jsonFlag } from "../command.ts";
import { choosePaint } from "../format/paint.ts";
import { showLines } from "../format/show-lines.ts";
import { withJob } from "../open-jobs.ts";
import { openPrices } from "../open-prices.ts";

export const show = defineOrchCommand({
  args: { job: jobArgument, json: jsonFlag },
  run: (args, session) =>
    withJob(session, args.job, (store, record) => {
      const job = viewJob(store, record, Date.now(), openPrices(session));
      const { stdout, directory, environment } = session;
      if (session.json) stdout.json(job);
      else stdout.lines(showLines(job, directory, choosePaint(stdout.stream, environment)));
      return EXIT.ok;
    }),
});
