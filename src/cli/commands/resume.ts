/** `orch resume <job>`: goes on with a job from wherever it stands. */

import { existsSync } from "node:fs";
import { UsageError } from "../../core/errors.ts";
import { inputOf } from "../../jobs.ts";
import { defineOrchCommand, jobArgument, jsonFlag } from "../command.ts";
import { loadSettings } from "../load-settings.ts";
import { withJob } from "../open-jobs.ts";
import { runJob } from "../run-job.ts";

export const resume = defineOrchCommand({
  args: { job: jobArgument, json: jsonFlag },
  run: async (args, session) => {
    const repository = await withJob(session, args.job, (_store, job) => inputOf(job).repository.root);
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
