/** `orch resume <job>`: goes on with a job from wherever it stands. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ArgsDef } from "citty";
import { UsageError } from "../../core/errors.ts";
import { hasSettled, inputOf, isCodingJob } from "../../jobs/jobs.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { defineOrchCommand, jobArgument, jsonFlag } from "../command.ts";
import { loadSettings } from "../load-settings.ts";
import { withJob } from "../open-jobs.ts";
import { runJob, tellSettled } from "../run-job.ts";
import type { Session } from "../session.ts";
import { createWorkWatch } from "../work-watch.ts";
import { workflowFlag } from "../workflow-flag.ts";
import { wrongUsage } from "../wrong-usage.ts";

export const resume = defineOrchCommand({
  args: async (): Promise<ArgsDef> => {
    const { settingFlags } = await import("../setting-flags.ts");
    const description = "Where the job's workflow is now, if its file was moved or changed on purpose.";
    const workflow = { ...workflowFlag, description } as const;
    return { job: jobArgument, workflow, ...settingFlags(["teeCodex", "trace"]), json: jsonFlag };
  },
  run: async (args, session) => {
    const jobId = String(args.job);
    const file = args.workflow as string | undefined;
    const { repository, exit, own } = await withJob(session, jobId, async (store, job) => {
      const exit = isAtRest(store, job) ? tellSettled(store, job, session) : null;
      const own = exit === null ? await ownWorkflowOf(store, job, file, session) : undefined;
      return { repository: inputOf(job).repository.root, exit, own };
    });
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
    using orch = await Orch.open(config, session.environment, createWorkWatch(session, config, false), own);
    return await runJob(orch, jobId, session);
  },
});

/** @throws UsageError if the file is gone or is not as it was: the job stays as it is */
async function ownWorkflowOf(store: Store, job: JobRecord, file: string | undefined, { directory }: Session) {
  if (!isCodingJob(job)) {
    const { loadWorkflowOf } = await import("../../own-workflow/own-job.ts");
    return await loadWorkflowOf(store, job, file === undefined ? undefined : resolve(directory, file));
  }
  if (file === undefined) return undefined;
  throw wrongUsage(`job ${job.id} is a coding job: its workflow is orch's own`, "leave --workflow out");
}

/** Nothing of it runs, and no word waits that would set it going again. */
function isAtRest(store: Store, job: JobRecord): boolean {
  return hasSettled(job) && !store.listPendingSignals(job.id).some(({ external }) => external);
}
