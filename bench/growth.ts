/** Whether a transition costs the same however many subtasks a job has and however long its history is. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT_ACTOR } from "../src/engine/actor-id.ts";
import { openSizedStore, type Size, sizedEngine, startSizedJob } from "../test/support/sized-job.ts";
import { type Row, ratio, type Table } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const SUBTASKS = [5, 50, 500];
/** As many as make a job long enough to be measured. */
const FOLLOW_UPS: Readonly<Record<number, number>> = { 5: 100, 50: 10, 500: 2 };
const HISTORY = [100, 1_000, 20_000];
/** Transitions that are looked at before each length of the history. */
const WINDOW = 400;
/** Of so many that follow each other the quickest counts: the rest is what else the machine was at. */
const GROUP = 10;

export async function growth(): Promise<Table> {
  // What Node compiles while it runs is compiled now.
  await timeSteps({ subtasks: 20, followUps: 20 });
  const bySize = [];
  for (const subtasks of SUBTASKS)
    bySize.push({ subtasks, steps: await timeSteps({ subtasks, followUps: FOLLOW_UPS[subtasks] ?? 1 }) });
  const long = await timeSteps({ subtasks: 5, followUps: 2_100 });
  const ofSubtasks = bySize.map(({ subtasks, steps }) =>
    row(`subtask's transition, ${subtasks} subtasks`, steps, false),
  );
  const ofRoot = bySize.map(({ subtasks, steps }) => row(`root's transition, ${subtasks} subtasks`, steps, true));
  const perSubtask = bySize.map(({ subtasks, steps }) => lifecycle(`all of one subtask, ${subtasks} subtasks`, steps));
  const byHistory = HISTORY.map((length) =>
    row(`subtask's transition, history of ${length}`, long.slice(Math.max(0, length - WINDOW), length), false),
  );
  const grown = (rows: readonly Row[], target: number) =>
    rows.slice(1).map((one) => ratio(`${one.name} / ${rows[0]?.name}`, one, rows[0] as Row, target));
  return {
    about:
      "A transition from event to commit: the real workflows, activities that do nothing, SQLite on a file, synchronous=FULL; of ten that follow each other the quickest. The root's own hold the board of all subtasks: they are reported, the target is for the subtasks'.",
    rows: [...ofSubtasks, ...byHistory, ...ofRoot, ...perSubtask],
    ratios: [...grown(ofSubtasks, 1.2), ...grown(byHistory, 1.2)],
  };
}

interface TimedStep {
  readonly actorId: string;
  readonly ms: number;
}

/** Steps of one job are taken one after the other: each lasts from the end of the one before to its own. */
async function timeSteps(size: Size): Promise<readonly TimedStep[]> {
  mkdirSync(join(ROOT, ".tmp"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".tmp", "growth-"));
  const store = await openSizedStore(join(folder, "orch.db"));
  const steps: TimedStep[] = [];
  try {
    const engine = sizedEngine(store, size);
    startSizedJob(engine, "big", size);
    let before = performance.now();
    const job = await engine.run("big", {
      onUpdate: (update) => {
        if (update.type !== "step") return;
        const now = performance.now();
        steps.push({ actorId: update.step.actorId, ms: now - before });
        before = now;
      },
    });
    if (job.status !== "done") throw new Error(`the job is ${job.status}: ${job.error?.message}`);
  } finally {
    store.close();
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

/** The whole job's time, shared among its subtasks. */
function lifecycle(name: string, steps: readonly TimedStep[]): Row {
  const subtasks = new Set(steps.map(({ actorId }) => actorId)).size - 2;
  return { name, times: [steps.reduce((sum, { ms }) => sum + ms, 0) / subtasks] };
}
