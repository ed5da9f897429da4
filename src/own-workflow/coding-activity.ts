/** Orch's own activities, for workflows of one's own: the planner, an agent's turn, commands, worktrees, commits. */

import type { CodingActivities } from "../core/coding.ts";
import { type ActivityLogic, activity } from "../engine/declare-activity.ts";

/**
 * Declares one of orch's own activities in `setup({ actors })`, under its own name. `orch run --workflow` provides it.
 *
 * @example setup({ actors: { runCodexTurn: codingActivity<"runCodexTurn">() } })
 */
export function codingActivity<Name extends keyof CodingActivities>(): ActivityLogic<
  CodingActivities[Name]["input"],
  CodingActivities[Name]["output"]
> {
  return activity<CodingActivities[Name]["input"], CodingActivities[Name]["output"]>();
}
