/** What a person waits for when a job is large: 500 subtasks, 20,000 history entries, next to a job of 3. */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openSizedStore, type Size, sizedEngine, startSizedJob } from "../test/support/sized-job.ts";
import { type Row, ratio, type Table } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const ORCH = join(ROOT, "bin", "orch.js");
const RUNS = 7;
const BIG: Size = { subtasks: 500, followUps: 19 };
const SMALL: Size = { subtasks: 3, followUps: 1 };

export async function large(): Promise<Table> {
  mkdirSync(join(ROOT, ".tmp"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".tmp", "large-"));
  try {
    const small = { path: join(folder, "small.db"), size: SMALL };
    const big = { path: join(folder, "big.db"), size: BIG };
    await makeJob(small);
    const entries = await makeJob(big);
    const commands = [["list"], ["show", "job"], ["show", "job", "--json"], ["history", "job"]];
    const rows: Row[] = [];
    const ratios = [];
    for (const command of commands) {
      const name = `orch ${command.join(" ")}`;
      const times = inTurns([small, big], ({ path }) => timeOrch(path, command));
      const [ofSmall, ofBig] = [row(`${name}, small`, times[0]), row(`${name}, large`, times[1])];
      rows.push(ofSmall, ofBig);
      // The whole history is printed, all its lines: only that the others wait for nothing is a target.
      if (command[0] !== "history") ratios.push(ratio(`${name}: large / small`, ofBig, ofSmall, 1.5));
    }
    const resumed: number[][] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      for (const [index, one] of [small, big].entries()) resumed[index]?.push(await timeResume(one));
    }
    rows.push(row("to the first activity of a resumed job, small", resumed[0]));
    rows.push(row("to the first activity of a resumed job, large", resumed[1]));
    return {
      about: `A job of ${BIG.subtasks} subtasks with ${entries} history entries, stopped in the middle, next to one of ${SMALL.subtasks}; each in a database of its own. Commands are whole processes, in turns.`,
      rows,
      ratios,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly path: string;
  readonly size: Size;
}

/** Nearly all turns are done when it is stopped. Returns the length of its history. */
async function makeJob({ path, size }: Place): Promise<number> {
  const store = await openSizedStore(path);
  const turns = size.subtasks * (size.followUps + 1) - 2;
  const engine = sizedEngine(store, size, { stopAfter: turns });
  startSizedJob(engine, "job", size);
  const stop = new AbortController();
  let seen = 0;
  await engine.run("job", {
    signal: stop.signal,
    onUpdate: (update) => {
      if (update.type !== "attempt" || update.activity.name !== "runCodexTurn") return;
      seen += 1;
      if (seen > turns) stop.abort();
    },
  });
  const length = (store.getJob("job")?.nextSeq ?? 1) - 1;
  store.close();
  return length;
}

/** From the call to the first activity that it begins. */
async function timeResume({ path, size }: Place): Promise<number> {
  const before = performance.now();
  const store = await openSizedStore(path);
  const stop = new AbortController();
  let took: number | undefined;
  await sizedEngine(store, size, { stopAfter: 0 }).run("job", {
    signal: stop.signal,
    onUpdate: ({ type }) => {
      if (type !== "attempt") return;
      took ??= performance.now() - before;
      stop.abort();
    },
  });
  store.close();
  if (took === undefined) throw new Error("the job began nothing");
  return took;
}

function timeOrch(path: string, args: readonly string[]): number {
  const env = { ...process.env, ORCHESTRATOR_DB_PATH: path };
  const before = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [ORCH, ...args], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`orch ${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - before;
}

function inTurns(places: readonly Place[], time: (place: Place) => number): number[][] {
  const times = places.map((): number[] => []);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, place] of places.entries()) times[index]?.push(time(place));
  }
  return times;
}

function row(name: string, times: readonly number[] = []): Row {
  return { name, times };
}
