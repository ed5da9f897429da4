/** `orch list`: the jobs, newest first. */

import { summarizeJob } from "../../jobs/job-view.ts";
import { costsOf } from "../../jobs/jobs.ts";
import { defineOrchCommand, EXIT, jsonFlag } from "../command.ts";
import { listLines } from "../format/list-lines.ts";
import { choosePaint } from "../format/paint.ts";
import { withStore } from "../open-jobs.ts";
import { openPrices } from "../open-prices.ts";
import { wrongUsage } from "../wrong-usage.ts";

const USUAL_LIMIT = 50;

export const list = defineOrchCommand({
  args: {
    limit: { type: "string", valueHint: "number", description: `How many at most. Default: ${USUAL_LIMIT}.` },
    json: jsonFlag,
  },
  run: async (args, session) => {
    const limit = parseLimit(args.limit);
    const now = Date.now();
    // One more than is shown, to know whether there are more.
    const jobs = await withStore(
      session,
      (store) => {
        const pricesOf = openPrices(session);
        return store
          .listJobs({ limit: limit + 1 })
          .map((job) => ({ ...summarizeJob(job, now), ...costsOf(store, job, pricesOf) }));
      },
      () => [],
    );
    const shown = jobs.slice(0, limit);
    const { stdout } = session;
    if (session.json) {
      for (const job of shown) stdout.json(job);
      return EXIT.ok;
    }
    const columns = stdout.isTerminal ? stdout.stream.columns : undefined;
    stdout.lines(listLines(shown, columns, choosePaint(stdout.stream, session.environment)));
    if (jobs.length > limit) stdout.line(`… there are more: orch list --limit ${limit * 4}`);
    return EXIT.ok;
  },
});

function parseLimit(text: string | undefined): number {
  if (text === undefined) return USUAL_LIMIT;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw wrongUsage("--limit is not a number of jobs", `give a whole number, such as ${USUAL_LIMIT}`);
}
