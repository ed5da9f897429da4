/** What jobs that only wait take of the orchestrator's memory. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { BenchFolder } from "../folder.ts";
import { median, type Row, type Table } from "../table.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const COUNTS = [1, 100, 1_000] as const;
const RUNS = 5;
const MB = 1024 * 1024;

interface Memory {
  /** As soon as all jobs wait. */
  readonly atFirst: number;
  /** After some seconds in which nothing has happened. */
  readonly rss: number;
  readonly heapUsed: number;
}

const WHAT = {
  rss: "resident",
  atFirst: "resident at first",
  heapUsed: "heap in use",
} as const satisfies Record<keyof Memory, string>;

export async function memory(): Promise<Table> {
  using folder = new BenchFolder("memory");
  const program = compile(join(folder.path, "compiled"));
  const measured = COUNTS.map((): Memory[] => []);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, count] of COUNTS.entries()) measured[index]?.push(measure(program, folder.newDatabase(), count));
  }
  const rowsOf = (what: keyof Memory) =>
    COUNTS.map(
      (count, index): Row => ({
        name: `${count} waiting, ${WHAT[what]}`,
        times: (measured[index] ?? []).map((one) => one[what] / MB),
        unit: "MB",
      }),
    );
  const [resident, heap] = [rowsOf("rss"), rowsOf("heapUsed")];
  const of = (rows: readonly Row[], index: number) => median(rows[index]?.times ?? []);
  const each = ((of(heap, 2) - of(heap, 0)) * 1024) / (COUNTS[2] - COUNTS[0]);
  return {
    about:
      "A process with all that runs jobs loaded, compiled as it is shipped, and so many jobs running that wait, half for a timer, half for a person: some seconds after the last of them has begun to wait, and at first.",
    rows: [
      ...resident,
      ...rowsOf("atFirst"),
      ...heap,
      { name: "heap for each job that waits", times: [each], unit: "KB" },
    ],
    ratios: [
      { name: "1,000 waiting, resident", value: of(resident, 2), target: 120, unit: "MB" },
      { name: "heap for each job that waits", value: each, target: 4, unit: "KB" },
    ],
  };
}

/** Node keeps what it needs to run TypeScript in memory; users don't have that. */
function compile(folder: string): string {
  execFileSync("tsc", ["-p", import.meta.dirname, "--outDir", folder], { cwd: ROOT, stdio: "inherit" });
  return join(folder, "bench", "memory", "idle.fixture.js");
}

function measure(program: string, database: string, count: number): Memory {
  const output = execFileSync(process.execPath, [program, database, String(count)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Memory;
}
