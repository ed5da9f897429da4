/** Tasks that a program has at hand. */

import { randomUUID } from "node:crypto";
import { taskJobId } from "./task-job-id.ts";
import type { TaskSource } from "./task-source.ts";

/** `id`: the same one always means the same task, which is done once. A task without one is always a new one. */
export type InMemoryTask = string | { readonly id?: string; readonly description: string };

/**
 * Gives its tasks in order, then it ends.
 *
 * @example createInMemoryTaskSource(["Write a README", { id: "ticket-7", description: "Fix the login page" }])
 */
export function createInMemoryTaskSource(
  tasks: readonly InMemoryTask[],
  { name = "memory" }: { readonly name?: string } = {},
): TaskSource {
  const waiting = tasks.map((task) => {
    const { id = randomUUID(), description } = typeof task === "string" ? { description: task } : task;
    return { jobId: taskJobId(name, id), description };
  });
  return { name, next: async () => waiting.shift() ?? null };
}
