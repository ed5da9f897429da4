/** What a durable step costs, next to the commit alone and next to another engine on the same kind of database. */

import { BenchFolder } from "../folder.ts";
import { quantile, type Row, ratioInTurns, type Table } from "../table.ts";
import { type FloorRun, runFloor } from "./floor.ts";
import { bytesOfAStep, runSteps, type StepRun } from "./orch-steps.ts";
import { type PeerRun, runPeer } from "./peer.ts";
import { type Tree, thisTree, treeAt } from "./tree.ts";

const RUNS = 25;
/** Until Node has compiled what runs often. */
const WARM_UPS = 6;
const PEER_RUNS = 3;
const ONE = { jobs: 1, steps: 100 };
const MANY = { jobs: 200, steps: 20 };
/** Steps in a transaction of the floor that jobs side by side are compared with. */
const GROUP = 16;

/** Of one engine. */
interface OrchRuns {
  readonly tree: Tree;
  readonly one: StepRun[];
  readonly many: StepRun[];
}

/** @param commits at which the engine is measured, too */
export async function steps(commits: readonly string[]): Promise<Table> {
  using folder = new BenchFolder("steps");
  const trees = [await thisTree(), ...(await Promise.all(commits.map((commit) => treeAt(commit, folder))))];
  const bytes = await bytesOfAStep(trees[0] as Tree, folder.newDatabase());
  const floor = { one: [] as FloorRun[], grouped: [] as FloorRun[] };
  const orch = trees.map((tree): OrchRuns => ({ tree, one: [], many: [] }));
  const measured = [
    () => floor.one.push(runFloor(folder.newDatabase(), bytes, ONE.steps, 1)),
    ...orch.map(({ tree, one }) => async () => {
      one.push(await runSteps(tree, folder.newDatabase(), ONE.jobs, ONE.steps));
    }),
    () => floor.grouped.push(runFloor(folder.newDatabase(), bytes, MANY.jobs * MANY.steps, GROUP)),
    ...orch.map(({ tree, many }) => async () => {
      many.push(await runSteps(tree, folder.newDatabase(), MANY.jobs, MANY.steps));
    }),
  ];
  // In turns: what slows the machine down for a while then slows all of them. Every second round the other way around: the
  // disk is still busy with what came before.
  for (let round = 0; round < WARM_UPS + RUNS; round += 1) {
    for (const measure of round % 2 === 0 ? measured : measured.toReversed()) await measure();
    if (round >= WARM_UPS) continue;
    for (const runs of [floor.one, floor.grouped, ...orch.flatMap(({ one, many }) => [one, many])]) runs.length = 0;
  }
  const peer = { one: [] as PeerRun[], many: [] as PeerRun[] };
  for (let run = 0; run < PEER_RUNS; run += 1) {
    peer.one.push(await runPeer(folder.newDatabase(), ONE.jobs, ONE.steps));
    peer.many.push(await runPeer(folder.newDatabase(), MANY.jobs, MANY.steps));
  }
  const rows = {
    floor: rate("raw commit, one step each", floor.one),
    floorP95: atP95("raw commit, 95th percentile", floor.one),
    grouped: rate(`raw commit, ${GROUP} steps each`, floor.grouped),
  };
  const ofOrch = orch.map(({ tree: { name }, one, many }) => {
    const row = { one: rate(`${name}, one job of 100 steps`, one), many: rate(`${name}, 200 jobs of 20 steps`, many) };
    const p95 = atP95(`${name}, one job, 95th percentile`, one);
    const ratios = [
      ratioInTurns(`${name}, one job / raw commit`, row.one, rows.floor, 0.6, "at least"),
      ratioInTurns(`${name}, one job / raw commit, 95th percentile`, p95, rows.floorP95, 3),
      ratioInTurns(`${name}, 200 jobs / raw commit of ${GROUP}`, row.many, rows.grouped, 0.36, "at least"),
    ];
    return { ...row, p95, ratios };
  });
  return {
    about: `Steps a second: activities that do nothing, one after the other. SQLite on a file, WAL, synchronous=FULL (asked of each connection). The raw commit is better-sqlite3 alone: as many transactions on as new a file, each with an INSERT of ${bytes.inserted} and an UPDATE of ${bytes.updated} bytes, which is what a step of orch writes. OpenWorkflow runs on its SQLite backend, set to FULL, too. ${WARM_UPS} rounds before the first that counts.`,
    rows: [
      rows.floor,
      ...ofOrch.map(({ one }) => one),
      rate("OpenWorkflow, one run of 100 steps", peer.one),
      rows.grouped,
      ...ofOrch.map(({ many }) => many),
      rate("OpenWorkflow, 200 runs of 20 steps", peer.many),
      rows.floorP95,
      ...ofOrch.map(({ p95 }) => p95),
    ],
    ratios: ofOrch.flatMap(({ ratios }) => ratios),
  };
}

function atP95(name: string, runs: readonly { readonly each: readonly number[] }[]): Row {
  return { name, times: runs.map(({ each }) => quantile(each, 0.95)) };
}

function rate(name: string, runs: readonly { readonly steps: number; readonly tookMs: number }[]): Row {
  return { name, times: runs.map(({ steps: count, tookMs }) => (count / tookMs) * 1000), unit: "steps/s" };
}
