/** Durable steps on orch's own engine: the real engine on a real file, with the settings of earnest use. */

import { readBytes, type StepBytes } from "./bytes.ts";
import { steadyActivities, steadyJob } from "./steady-job.ts";
import type { Tree } from "./tree.ts";

export interface StepRun {
  /** How long all of it took, in milliseconds, without making the jobs. */
  readonly tookMs: number;
  readonly steps: number;
  /** From each commit to the next, in milliseconds; of several jobs at once: empty. */
  readonly each: readonly number[];
}

/** @param path of a database that is not there yet */
export async function runSteps(tree: Tree, path: string, jobs: number, stepsEach: number): Promise<StepRun> {
  const store = await tree.openSqliteStore(path);
  try {
    const engine = tree.createEngine({
      store,
      workflows: [steadyJob],
      activities: steadyActivities,
      owner: { host: "here", bootId: "boot", pid: process.pid, processStart: "1" },
      isGone: () => false,
    });
    const ids = Array.from({ length: jobs }, (_, index) => `job-${index + 1}`);
    for (const jobId of ids) engine.start({ workflow: steadyJob.name, jobId, input: { steps: stepsEach } });
    const commits: number[] = [];
    let steps = 0;
    const begun = performance.now();
    await Promise.all(
      ids.map((jobId) =>
        engine.run(jobId, {
          onUpdate: ({ type }) => {
            if (type !== "step") return;
            steps += 1;
            if (jobs === 1) commits.push(performance.now());
          },
        }),
      ),
    );
    const tookMs = performance.now() - begun;
    // The first transition of each job makes it begin; each of the others is a step that is done.
    if (steps !== jobs * (stepsEach + 1)) throw new Error(`${steps} transitions instead of ${jobs * (stepsEach + 1)}`);
    const each = commits.slice(1).map((at, index) => at - (commits[index] ?? at));
    return { tookMs, steps: jobs * stepsEach, each };
  } finally {
    store.close();
  }
}

/** What a step writes, as SQLite stores it. */
export async function bytesOfAStep(tree: Tree, path: string): Promise<StepBytes> {
  await runSteps(tree, path, 1, 100);
  return readBytes(path);
}
