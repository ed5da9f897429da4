/** Subtasks that would write the same files are put one behind the other: a race would end in a conflict. Pure. */

import type { Plan } from "../../core/coding.ts";
import { ancestors, inOrder } from "./plan-graph.ts";

/**
 * Returns the plan with the dependencies that its files ask for, in an order in which every subtask stands behind those
 * it depends on, otherwise as it was written. Two subtasks that share a file and are not yet ordered, directly or
 * through others, are ordered as the plan lists them. `plan` must have passed `checkPlan`.
 */
export function orderSubtasks(plan: Plan): Plan {
  const byId = new Map(plan.subtasks.map((subtask) => [subtask.id, subtask]));
  const isBehind = (later: string, earlier: string) => ancestors(later, byId).has(earlier);
  for (const [index, given] of plan.subtasks.entries()) {
    // No circle can come of it: none of them waits for this one.
    const racing = plan.subtasks
      .slice(0, index)
      .filter((earlier) => shareFile(given.files, earlier.files))
      .map(({ id }) => id)
      .filter((earlier) => !isBehind(given.id, earlier) && !isBehind(earlier, given.id));
    // Where a, b and c share a file and b waits for a, it is enough that c waits for b.
    const added = racing.filter((earlier) => !racing.some((other) => isBehind(other, earlier)));
    byId.set(given.id, { ...given, dependsOn: [...given.dependsOn, ...added] });
  }
  return { ...plan, subtasks: inOrder([...byId.values()]) };
}

/** A directory stands for every file in it. */
function shareFile(a: readonly string[], b: readonly string[]): boolean {
  return a.some((x) => b.some((y) => x === y || x.startsWith(`${y}/`) || y.startsWith(`${x}/`)));
}
