/** `orch run "<task>"`: a new job, from its plan to its result. */

import type { ArgsDef } from "citty";
import { refuseTakenId } from "../../jobs/jobs.ts";
import { defineOrchCommand, jsonFlag } from "../command.ts";
import { loadSettings } from "../load-settings.ts";
import { withStore } from "../open-jobs.ts";
import { readStdin } from "../read-stdin.ts";
import { runJob } from "../run-job.ts";

export const run = defineOrchCommand({
  args: async (): Promise<ArgsDef> => {
    const { settingFlags } = await import("../setting-flags.ts");
    const description = 'What is to be done, in quotes; "-" reads it from standard input.';
    return { task: { type: "positional", valueHint: "text", description }, ...settingFlags(), json: jsonFlag };
  },
  // Everything that can be refused is, before anything is made: the database comes last.
  run: async (args, session) => {
    const { settingValues } = await import("../setting-flags.ts");
    const config = loadSettings(session, settingValues(args));
    const { Orch, planJob } = await import("../../orch.ts");
    const input = await planJob(config, args.task === "-" ? await readStdin() : String(args.task));
    if (config.jobId !== undefined) {
      await withStore(
        session,
        (store) => refuseTakenId(store, input.jobId),
        () => {},
      );
    }
    using orch = await Orch.open(config, session.environment);
    await orch.create(input);
    return await runJob(orch, input.jobId, session);
  },
});
