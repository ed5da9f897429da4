/** What a durable step costs, next to the commit alone and next to another engine on the same kind of database. */

import { BenchFolder } from "../folder.ts";
import { quantile, type Ratio, type Row, ratio, type Table } from "../table.ts";
import { type FloorRun, runFloor } from "./floor.ts";
import { bytesOfAStep, runSteps, type StepRun } from "./orch-steps.ts";
import { type PeerRun, runPeer } from "./peer.ts";

const RUNS = 15;
/** Until Node has compiled what runs often. */
const WARM_UPS = 6;
const PEER_RUNS = 3;
const ONE = { jobs: 1, steps: 100 };
const MANY = { jobs: 200, steps: 20 };
/** Steps in a transaction of the floor that jobs side by side are compared with. */
const GROUP = 16;

export async function steps(): Promise<Table> {
  using folder = new BenchFolder("steps");
  const bytes = await bytesOfAStep(folder.newDatabase());
  const runs = { floor: [] as FloorRun[], one: [] as StepRun[], grouped: [] as FloorRun[], many: [] as StepRun[] };
  const measured = [
    () => runs.floor.push(runFloor(folder.newDatabase(), bytes, ONE.steps, 1)),
    async () => runs.one.push(await runSteps(folder.newDatabase(), ONE.jobs, ONE.steps)),
    () => runs.grouped.push(runFloor(folder.newDatabase(), bytes, MANY.jobs * MANY.steps, GROUP)),
    async () => runs.many.push(await runSteps(folder.newDatabase(), MANY.jobs, MANY.steps)),
  ];
  // In turns: what slows the machine down for a while then slows all of them. Every second round the other way around: the
  // disk is still busy with what came before.
  for (let round = 0; round < WARM_UPS + RUNS; round += 1) {
    for (const measure of round % 2 === 0 ? measured : measured.toReversed()) await measure();
    if (round < WARM_UPS) for (const kind of Object.values(runs)) kind.length = 0;
  }
  const peer = { one: [] as PeerRun[], many: [] as PeerRun[] };
  for (let run = 0; run < PEER_RUNS; run += 1) {
    peer.one.push(await runPeer(folder.newDatabase(), ONE.jobs, ONE.steps));
    peer.many.push(await runPeer(folder.newDatabase(), MANY.jobs, MANY.steps));
  }
  const floor = rate("raw commit, one step each", runs.floor);
  const one = rate("orch, one job of 100 steps", runs.one);
  const grouped = rate(`raw commit, ${GROUP} steps each`, runs.grouped);
  const many = rate("orch, 200 jobs of 20 steps", runs.many);
  const atP95 = (name: string, all: readonly { readonly each: readonly number[] }[]): Row => ({
    name,
    times: all.map(({ each }) => quantile(each, 0.95)),
  });
  const p95OfFloor = atP95("raw commit, 95th percentile", runs.floor);
  const p95 = atP95("orch, one job, 95th percentile", runs.one);
  const ratios: Ratio[] = [
    ratio("orch, one job / raw commit", one, floor, 0.6, "at least"),
    ratio("orch, one job / raw commit, 95th percentile", p95, p95OfFloor, 3),
    ratio(`orch, 200 jobs / raw commit of ${GROUP}`, many, grouped, 0.36, "at least"),
  ];
  return {
    about: `Steps a second: activities that do nothing, one after the other. SQLite on a file, WAL, synchronous=FULL (asked of each connection). The raw commit is better-sqlite3 alone: as many transactions on as new a file, each with an INSERT of ${bytes.inserted} and an UPDATE of ${bytes.updated} bytes, which is what a step of orch writes. OpenWorkflow runs on its SQLite backend, set to FULL, too. ${WARM_UPS} rounds before the first that counts.`,
    rows: [
      floor,
      one,
      rate("OpenWorkflow, one run of 100 steps", peer.one),
      grouped,
      many,
      rate("OpenWorkflow, 200 runs of 20 steps", peer.many),
      p95OfFloor,
      p95,
    ],
    ratios,
  };
}

function rate(name: string, runs: readonly { readonly steps: number; readonly tookMs: number }[]): Row {
  return { name, times: runs.map(({ steps: count, tookMs }) => (count / tookMs) * 1000), unit: "steps/s" };
}
