/** The same on a peer: OpenWorkflow on its SQLite backend, set to the same durability. */

import { OpenWorkflow } from "openworkflow";
import { BackendSqlite } from "openworkflow/sqlite";

export interface PeerRun {
  readonly tookMs: number;
  readonly steps: number;
}

/** @param path of a database that is not there yet */
export async function runPeer(path: string, jobs: number, stepsEach: number): Promise<PeerRun> {
  const backend = BackendSqlite.connect(path);
  setDurability(backend);
  const client = new OpenWorkflow({ backend });
  let [begun, ended] = [Number.POSITIVE_INFINITY, 0];
  const steady = client.defineWorkflow<{ steps: number }, number>({ name: "steady-job" }, async ({ input, step }) => {
    // Told here: whoever waits for its result asks for it once a second.
    begun = Math.min(begun, performance.now());
    for (let number = 1; number <= input.steps; number += 1) {
      await step.run({ name: `work-${number}` }, () => ({ number }));
    }
    ended = performance.now();
    return input.steps;
  });
  const worker = client.newWorker({ concurrency: jobs });
  try {
    const handles = [];
    for (let index = 0; index < jobs; index += 1) handles.push(await steady.run({ steps: stepsEach }));
    await worker.start();
    for (const handle of handles) {
      const done = await handle.result();
      if (done !== stepsEach) throw new Error(`the peer did ${done} steps instead of ${stepsEach}`);
    }
    return { tookMs: ended - begun, steps: jobs * stepsEach };
  } finally {
    await worker.stop();
    await backend.stop();
  }
}

/** It has no setting for it: its connection is asked, as it would be in a fork of it. */
function setDurability(backend: BackendSqlite): void {
  const { db } = backend as unknown as {
    readonly db: { exec(sql: string): void; prepare(sql: string): { get(): { synchronous: number } } };
  };
  db.exec("pragma synchronous = full");
  const { synchronous } = db.prepare("pragma synchronous").get();
  if (synchronous !== 2) throw new Error(`the peer's database did not take synchronous=FULL (it says ${synchronous})`);
}
