/** Replays a job's history through the workflows that this orch has. */

import { type Divergence, replay } from "../engine/replay.ts";
import type { OwnWorkflow } from "../own-workflow/load-workflow.ts";
import { registryWith } from "../own-workflow/registered.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { historyOf } from "./job-history.ts";

export interface JobReplay {
  readonly jobId: string;
  /** How many entries led to the same snapshot, state and effects. */
  readonly same: number;
  /** The first entry that did not. */
  readonly divergence: Divergence | null;
  /** Workflows of the job (`subtask version 1`) whose machines were changed under their number: it cannot be resumed. */
  readonly changed: readonly string[];
}

/**
 * @param own the job's workflow, if it is one of the user's
 * @throws OrchError `workflow-gone`, `history-damaged`
 */
export function replayJob(store: Store, { id }: JobRecord, own?: OwnWorkflow): JobReplay {
  const registry = registryWith(own);
  const actors = store.listActors(id);
  const { same, divergence } = replay(historyOf(store, id), registry);
  const changed = actors.flatMap(({ workflow, version, definitionHash }) =>
    registry.version(workflow, version).definitionHash === definitionHash ? [] : [`${workflow} version ${version}`],
  );
  return { jobId: id, same, divergence, changed: [...new Set(changed)] };
}
