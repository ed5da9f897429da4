/** `orch run "<task>"`: a new job, from its plan to its result. */

import type { ArgsDef } from "citty";
import { inputOf, refuseTakenId } from "../../jobs/jobs.ts";
import { defineOrchCommand, jsonFlag } from "../command.ts";
import { loadSettings } from "../load-settings.ts";
import { dashboardFlag, openDashboard } from "../open-dashboard.ts";
import { withStore } from "../open-jobs.ts";
import { readStdin } from "../read-stdin.ts";
import { runJob } from "../run-job.ts";
import { createWorkWatch } from "../work-watch.ts";
import { chosenWorkflow, needsModel, workflowFlag, workflowInDryRun } from "../workflow-flag.ts";

export const run = defineOrchCommand({
  args: async (): Promise<ArgsDef> => {
    const { settingFlags } = await import("../setting-flags.ts");
    const description = 'What is to be done, in quotes; "-" reads it from standard input.';
    const task = { type: "positional", valueHint: "text", description } as const;
    return { task, workflow: workflowFlag, ...settingFlags(), dashboard: dashboardFlag, json: jsonFlag };
  },
  // Everything that can be refused is, before anything is made: the database comes last.
  run: async (args, session) => {
    const { settingValues } = await import("../setting-flags.ts");
    const config = loadSettings(session, settingValues(args));
    const task = args.task === "-" ? await readStdin() : String(args.task);
    if (config.dryRun) {
      if (args.workflow !== undefined) throw workflowInDryRun();
      const { showDryRuns } = await import("../dry-run.ts");
      return await showDryRuns([task], config, session);
    }
    const { Orch, planJob } = await import("../../orch.ts");
    const own = await chosenWorkflow(args.workflow, session);
    const input = await planJob(config, task, own === undefined || (await needsModel(own)));
    if (config.jobId !== undefined) {
      await withStore(
        session,
        (store) => refuseTakenId(store, input.jobId),
        () => {},
      );
    }
    using orch = await Orch.open(config, session.environment, createWorkWatch(session, config, false), own);
    await using _dashboard = args.dashboard ? await openDashboard(session, config, [input.repository.root]) : null;
    const job = await orch.create(input);
    if (inputOf(job).task !== input.task) {
      session.stderr.line(
        "orch: what looks like a secret was taken out of the task: no agent gets it, and it is not stored",
      );
      session.stderr.line(
        '      if the work needs it, put it into a file that git ignores and name that file in "copy"',
      );
    }
    return await runJob(orch, input.jobId, session);
  },
});
