/** `orch resume <job>`: goes on with a job from wherever it stands. */

import { existsSync } from "node:fs";
import type { ArgsDef } from "citty";
import { UsageError } from "../../core/errors.ts";
import { hasSettled, inputOf } from "../../jobs/jobs.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { defineOrchCommand, jobArgument, jsonFlag } from "../command.ts";
import { loadSettings } from "../load-settings.ts";
import { withJob } from "../open-jobs.ts";
import { runJob, tellSettled } from "../run-job.ts";
import { createWorkWatch } from "../work-watch.ts";

export const resume = defineOrchCommand({
  args: async (): Promise<ArgsDef> => {
    const { settingFlags } = await import("../setting-flags.ts");
    return { job: jobArgument, ...settingFlags(["teeCodex", "trace"]), json: jsonFlag };
  },
  run: async (args, session) => {
    const jobId = String(args.job);
    const { repository, exit } = await withJob(session, jobId, (store, job) => ({
      repository: inputOf(job).repository.root,
      exit: isAtRest(store, job) ? tellSettled(store, job, session) : null,
    }));
    if (exit !== null) return exit;
    if (!existsSync(repository)) {
      throw new UsageError(`the repository of job ${jobId} is not at ${repository} any more`, {
        code: "repository-gone",
        hint: "move it back to where it was",
      });
    }
    const { settingValues } = await import("../setting-flags.ts");
    const config = loadSettings(session, { ...settingValues(args), repository });
    const { Orch } = await import("../../orch.ts");
    using orch = await Orch.open(config, session.environment, createWorkWatch(session, config, false));
    return await runJob(orch, jobId, session);
  },
});

/** Nothing of it runs, and no word waits that would set it going again. */
function isAtRest(store: Store, job: JobRecord): boolean {
  return hasSettled(job) && !store.listPendingSignals(job.id).some(({ external }) => external);
}
