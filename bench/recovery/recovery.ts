/** How soon a job goes on after the orchestrator was killed, and how soon a hundred of ten thousand do. */

import { setTimeout as sleep } from "node:timers/promises";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { BenchFolder } from "../folder.ts";
import { median, type Row, type Table } from "../table.ts";
import { Worker } from "./worker.ts";

const KILLS = 20;
const MANY_RUNS = 5;
const CLOSED = 9_900;
const OPEN = 100;

export async function recovery(): Promise<Table> {
  using folder = new BenchFolder("recovery");
  const single = await killAgainAndAgain(folder.newDatabase(), 1, KILLS);
  const crowded = folder.newDatabase();
  await addClosedJobs(crowded);
  const many = await killAgainAndAgain(crowded, OPEN, MANY_RUNS);
  const row = (name: string, times: readonly number[]): Row => ({ name, times });
  const beyond = (name: string, times: readonly number[], target: number) =>
    ({ name, value: median(times), target, unit: "ms" }) as const;
  return {
    about: `An orchestrator (a real process on a database file, synchronous=FULL) is killed with SIGKILL between two steps; another one is started at once and takes up every open job. "Start of the process" lasts until Node has loaded its code. The second database holds ${(CLOSED + OPEN).toLocaleString("en-US")} jobs, of which ${OPEN} are open: all of them must have gone on.`,
    rows: [
      row("from SIGKILL to the next committed step", single.whole),
      row("start of the process", single.load),
      row("beyond the start of the process", single.beyond),
      row("100 open of 10,000 jobs: until all went on", many.whole),
      row("100 open of 10,000 jobs: beyond the start of the process", many.beyond),
    ],
    ratios: [
      beyond("next step, beyond the start of the process", single.beyond, 300),
      beyond("100 open of 10,000 jobs, beyond the start of the process", many.beyond, 1000),
    ],
  };
}

async function killAgainAndAgain(database: string, jobs: number, kills: number) {
  const times = { whole: [] as number[], load: [] as number[], beyond: [] as number[] };
  let worker = new Worker(database, "--begin", String(jobs));
  try {
    await worker.said("step", jobs);
    for (let kill = 0; kill < kills; kill += 1) {
      // Somewhere between two steps.
      await sleep(50 + Math.random() * 50);
      const killedAt = performance.now();
      await worker.kill();
      worker = new Worker(database);
      const loadedAt = await worker.said("loaded");
      const goesOnAt = await worker.said("step", jobs);
      times.whole.push(goesOnAt - killedAt);
      times.load.push(loadedAt - worker.startedAt);
      times.beyond.push(goesOnAt - loadedAt);
    }
  } finally {
    await worker.kill();
  }
  return times;
}

async function addClosedJobs(database: string): Promise<void> {
  const store = await openSqliteStore(database);
  const now = Date.now();
  store.together(
    Array.from({ length: CLOSED }, (_, index) => () => {
      const id = `closed-${index + 1}`;
      const began = { workflow: "steady-job", version: 1, definitionHash: "0123456789abcdef" };
      const entry = { jobId: id, actorId: "job", state: "working", effects: [], at: now, snapshotHash: "0".repeat(22) };
      store.insertJob({
        job: {
          ...{ id, ...began, status: "done", closed: true, input: { steps: 10 }, output: { done: 10 }, error: null },
          ...{ labels: {}, createdAt: now - CLOSED + index, updatedAt: now, nextSeq: 11 },
        },
        actors: [{ jobId: id, id: "job", ...began, status: "done", snapshot: "{}", updatedSeq: 10 }],
        history: Array.from({ length: 10 }, (_entry, at) => ({ ...entry, seq: at + 1, event: { type: "step", at } })),
        activities: [],
        timers: [],
        signals: [],
        artifacts: [],
      });
    }),
  );
  store.close();
}
