/** Whether a transition costs the same however many subtasks a job has and however long its history is. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT_ACTOR } from "../src/engine/actor-id.ts";
import { SteppedJob, type TimedStep } from "./stepped-job.ts";
import { type Row, ratio, type Table } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const SUBTASKS = [5, 50, 500];
const HISTORY = [100, 1_000, 20_000];
/** Transitions of one job before it is the next one's turn. */
const WINDOW = 40;
const ROUNDS = 40;
/** Of so many that follow each other the quickest counts: the rest is what else the machine was at. */
const GROUP = 10;

export async function growth(): Promise<Table> {
  // Each has more work than is measured: a job that ends is not what is asked about.
  const bySubtasks = await inTurns(SUBTASKS.map((subtasks) => ({ subtasks, followUps: 3_000, begun: 0 })));
  const byHistory = await inTurns(HISTORY.map((begun) => ({ subtasks: 5, followUps: 3_000, begun })));
  const ends = await inTurns(
    SUBTASKS.map((subtasks) => ({ subtasks, followUps: 0, begun: 0 })),
    0,
  );
  const rowsOf = (runs: readonly TimedStep[][], names: readonly string[], ofRoot: boolean) =>
    runs.map((steps, index) => row(`${ofRoot ? "root's" : "subtask's"} transition, ${names[index]}`, steps, ofRoot));
  const sizes = SUBTASKS.map((subtasks) => `${subtasks} subtasks`);
  const ofSubtasks = rowsOf(bySubtasks, sizes, false);
  const ofHistory = rowsOf(
    byHistory,
    HISTORY.map((length) => `history of ${length}`),
    false,
  );
  const grown = (rows: readonly Row[]) =>
    rows.slice(1).map((one) => ratio(`${one.name} / ${rows[0]?.name}`, one, rows[0] as Row, 1.2));
  return {
    about:
      "A transition from event to commit: the real workflows, activities that do nothing, SQLite on a file, synchronous=FULL; jobs in turns, of ten transitions that follow each other the quickest. The root's own hold the board of all subtasks, and are only reported: there is one for each subtask that ends.",
    rows: [...ofSubtasks, ...ofHistory, ...rowsOf(ends, sizes, true)],
    ratios: [...grown(ofSubtasks), ...grown(ofHistory)],
  };
}

interface Asked {
  readonly subtasks: number;
  readonly followUps: number;
  /** Length of its history when the measuring begins. */
  readonly begun: number;
}

/** What slows the machine down for a while then slows all of them. */
async function inTurns(asked: readonly Asked[], warmUp = 5): Promise<TimedStep[][]> {
  mkdirSync(join(ROOT, ".tmp"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".tmp", "growth-"));
  const jobs = await Promise.all(asked.map((size, index) => SteppedJob.open(join(folder, `${index}.db`), size)));
  const steps = jobs.map((): TimedStep[] => []);
  try {
    for (const [index, job] of jobs.entries()) await job.advance(asked[index]?.begun || 1);
    // The first rounds are for Node, which compiles what runs often.
    for (let round = -warmUp; round < ROUNDS; round += 1) {
      for (const [index, job] of jobs.entries()) {
        const window = await job.advance(WINDOW);
        if (round >= 0) steps[index]?.push(...window);
      }
    }
  } finally {
    for (const job of jobs) await job.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return steps;
}

function row(name: string, steps: readonly TimedStep[], ofRoot: boolean): Row {
  const times = steps.filter(({ actorId }) => (actorId === ROOT_ACTOR) === ofRoot).map(({ ms }) => ms);
  const groups = Array.from({ length: Math.ceil(times.length / GROUP) }, (_, index) =>
    times.slice(index * GROUP, (index + 1) * GROUP),
  );
  return { name, times: groups.map((group) => Math.min(...group)) };
}
