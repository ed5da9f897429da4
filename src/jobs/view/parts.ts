/** A job's parts: its subtasks, each with all that works for it, and the job's own work (planning, merging, verifying). */

import { ROOT_ACTOR } from "../../engine/actor-id.ts";

/** The id of the subtask that an actor works for; null for the job's own. */
export function partOf(actorId: string): string | null {
  const [root, child] = actorId.split("/", 2);
  if (root !== ROOT_ACTOR || child === undefined || child === "integration") return null;
  return decodeURIComponent(child);
}
