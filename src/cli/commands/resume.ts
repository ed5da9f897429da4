/** `orch resume <job>`: goes on with a job from wherever it stands. */

import { existsSync } from "node:fs";
import { UsageError } from "../../core/errors.ts";
import { hasSettled, inputOf } from "../../jobs/jobs.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { defineOrchCommand, jobArgument, jsonFlag } from "../command.ts";
import { loadSettings } from "../load-settings.ts";
import { withJob } from "../open-jobs.ts";
import { runJob, tellSettled } from "../run-job.ts";

export const resume = defineOrchCommand({
  args: { job: jobArgument, json: jsonFlag },
  run: async (args, session) => {
    const { repository, exit } = await withJob(session, args.job, (store, job) => ({
      repository: inputOf(job).repository.root,
      exit: isAtRest(store, job) ? tellSettled(store, job, session) : null,
    }));
    if (exit !== null) return exit;
    if (!existsSync(repository)) {
      throw new UsageError(`the repository of job ${args.job} is not at ${repository} any more`, {
        code: "repository-gone",
        hint: "move it back to where it was",
      });
    }
    const config = loadSettings(session, { repository });
    const { Orch } = await import("../../orch.ts");
    using orch = await Orch.open(config, session.environment);
    return await runJob(orch, args.job, session);
  },
});

/** Nothing of it runs, and no word waits that would set it going again. */
function isAtRest(store: Store, job: JobRecord): boolean {
  return hasSettled(job) && !store.listPendingSignals(job.id).some(({ external }) => external);
}
