/** What the page holds of a job, and how the stream's messages change it. Pure but for the log of entries, which grows. */

import type { ActorItem } from "../../../src/core/protocol/history.ts";
import type { JobHead, SubtaskItem } from "../../../src/core/protocol/jobs.ts";
import type { ServerMessage } from "../../../src/core/protocol/stream.ts";

export type JobMessage = Extract<ServerMessage, { type: "job" }>;
export type UpdateMessage = Extract<ServerMessage, { type: "update" }>;

export interface HeldJob {
  readonly job: JobHead;
  readonly subtasks: readonly SubtaskItem[];
  readonly actors: readonly ActorItem[];
}

/** The server goes on at an earlier entry than it was asked to: its history is another one. */
export function isOtherHistory(message: JobMessage, said: number): boolean {
  return message.since < said;
}

export function begin(message: JobMessage, held: HeldJob | null): HeldJob {
  return {
    job: message.job,
    subtasks: message.subtasks.map((subtask) => keepInstructions(subtask, held?.subtasks)),
    actors: message.actors,
  };
}

export function merge(held: HeldJob, { job, subtasks, actors }: UpdateMessage): HeldJob {
  return {
    job: job ?? held.job,
    subtasks: mergeById(
      held.subtasks,
      subtasks.map((subtask) => keepInstructions(subtask, held.subtasks)),
    ),
    actors: mergeById(held.actors, actors),
  };
}

/** Known ones in their place, new ones behind; the same array if nothing came. */
export function mergeById<T extends { readonly id: string }>(held: readonly T[], changed: readonly T[]): readonly T[] {
  if (changed.length === 0) return held;
  const news = new Map(changed.map((item) => [item.id, item]));
  const merged = held.map((item) => {
    const changedItem = news.get(item.id);
    news.delete(item.id);
    return changedItem ?? item;
  });
  return [...merged, ...news.values()];
}

/** The stream leaves the long texts out. */
function keepInstructions(subtask: SubtaskItem, held: readonly SubtaskItem[] | undefined): SubtaskItem {
  if (subtask.instructions !== null || held === undefined) return subtask;
  const instructions = held.find(({ id }) => id === subtask.id)?.instructions ?? null;
  return instructions === null ? subtask : { ...subtask, instructions };
}
