/** `orch clean [job…]`: removes what finished jobs left, but nothing that is not merged and recorded. */

import type { ArgsDef } from "citty";
import { loadDryRun } from "../../config/load-config.ts";
import { parseJobId } from "../../core/ids.ts";
import type { CleanedJob } from "../../jobs/clean-jobs.ts";
import { SEVERAL } from "../check-arguments.ts";
import { defineOrchCommand, EXIT, jsonFlag } from "../command.ts";
import { cleanedLines, summaryOf } from "../format/cleaned-lines.ts";
import { choosePaint } from "../format/paint.ts";
import { withStore } from "../open-jobs.ts";
import { wrongUsage } from "../wrong-usage.ts";

export const clean = defineOrchCommand({
  args: {
    jobs: {
      type: "positional",
      required: false,
      valueHint: SEVERAL,
      description: "Only these, each an argument. Default: every job that is done.",
    },
    "dry-run": { type: "boolean", description: "Say what would be removed; remove nothing." },
    discard: {
      type: "boolean",
      description:
        "Remove also what is in no result: of failed and cancelled jobs, of skipped subtasks. Name the jobs.",
    },
    forget: {
      type: "boolean",
      description: "Take the jobs out of the database, too: their history and figures. The result's branch stays.",
    },
    json: jsonFlag,
  } satisfies ArgsDef,
  run: async (args, session) => {
    const jobIds = [...new Set(args._.map(parseJobId))];
    const { discard = false, forget = false } = args;
    const dryRun = args["dry-run"] === true || loadDryRun(session.environment, session.directory);
    if (discard && jobIds.length === 0) {
      throw wrongUsage("--discard needs the jobs' names", 'name them: "orch clean <job> --discard"');
    }
    const { stdout } = session;
    const paint = choosePaint(stdout.stream, session.environment);
    const cleaned: CleanedJob[] = [];
    await withStore(
      session,
      async (store) => {
        const { cleanJobs } = await import("../../jobs/clean-jobs.ts");
        for await (const job of cleanJobs(store, { jobIds, discard, forget, dryRun })) {
          cleaned.push(job);
          if (session.json) stdout.json({ ...job, dryRun });
          else stdout.lines(cleanedLines(job, dryRun, paint));
        }
      },
      () => {},
    );
    if (!session.json) stdout.line(summaryOf(cleaned, dryRun));
    return cleaned.some(({ things }) => things.some(({ outcome }) => outcome === "failed")) ? EXIT.failed : EXIT.ok;
  },
});
