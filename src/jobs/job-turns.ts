/** Where the turns of a job's agents lie: each Codex process has a folder, and each turn belongs to a part of the job. */

import { join } from "node:path";
import { effectName } from "../core/ids.ts";
import { jobPaths } from "../core/job-paths.ts";
import { childActorId, isWithin, ROOT_ACTOR } from "../engine/actor-id.ts";
import { listRuns, type TurnRun } from "../services/codex/turn-folder.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { inputOf } from "./jobs.ts";

/** The name that stands for the turns of no subtask: conflicts in the result, repairs after a failing verify command. */
export const RESULT = "result";

/** The Codex processes that worked on a subtask (or on the `result`), oldest first. */
export function turnRunsOf(store: Store, job: JobRecord, part: string): TurnRun[] {
  const { turns } = jobPaths(inputOf(job).repository.root, job.id);
  return store
    .listActivities(job.id)
    .filter(({ name, actorId }) => name === "runCodexTurn" && belongsTo(actorId, part))
    .flatMap(({ effectId }) => listRuns(join(turns, effectName(effectId))));
}

function belongsTo(actorId: string, part: string): boolean {
  if (part !== RESULT) return isWithin(actorId, childActorId(ROOT_ACTOR, part));
  return actorId === ROOT_ACTOR || isWithin(actorId, childActorId(ROOT_ACTOR, "integration"));
}
