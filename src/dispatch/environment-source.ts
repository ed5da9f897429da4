/**
 * The tasks of `DISPATCH_TASKS`: one after the other, then it ends.
 *
 * The same list in the same repository is one batch until all of its jobs are over, and then new work. So a dispatcher
 * that was killed goes on with its batch, two that run at a time share it, and tomorrow all is done anew.
 */

import { systemClock } from "../core/clock.ts";
import { hashJson } from "../core/json.ts";
import { patiently } from "../engine/patience.ts";
import type { Store } from "../store/store.ts";
import { standingOf } from "./job-standing.ts";
import type { TaskSource } from "./task-source.ts";

export const ENVIRONMENT_SOURCE = "environment";

/** One task a line: a real line end, or the two characters `\n`. */
export function parseTasks(text: string): string[] {
  return text
    .split(/\r?\n|\\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export function createEnvironmentTaskSource(params: {
  readonly tasks: readonly string[];
  /** Root of the repository: the same list elsewhere is other work. */
  readonly repository: string;
  readonly store: Store;
}): TaskSource {
  const { tasks, repository, store } = params;
  const hash = hashJson([repository, tasks]).slice(0, 12);
  let batch: number | undefined;
  let given = 0;
  return {
    name: ENVIRONMENT_SOURCE,
    next: async () => {
      const description = tasks[given];
      if (description === undefined) return null;
      batch ??= await patiently(systemClock, () => chooseBatch(store, hash, tasks.length));
      given += 1;
      return { jobId: jobIdOf(hash, batch, given), description };
    },
  };
}

const jobIdOf = (hash: string, batch: number, place: number) => `env-${hash}-${batch}-${place}`;

/** Two that choose at the same time choose the same. */
function chooseBatch(store: Store, hash: string, length: number): number {
  const name = `environment-batch-${hash}`;
  const newest = store.getNote("", name);
  if (typeof newest === "number" && !isOver(store, hash, newest, length)) return newest;
  const batch = typeof newest === "number" ? newest + 1 : 1;
  store.putNote({ jobId: "", name, content: batch });
  return batch;
}

function isOver(store: Store, hash: string, batch: number, length: number): boolean {
  return Array.from({ length }, (_, index) => jobIdOf(hash, batch, index + 1)).every((jobId) => {
    const job = store.getJob(jobId);
    return job !== undefined && standingOf(store, job, Date.now()) === "over";
  });
}
