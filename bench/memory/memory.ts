/** What jobs that only wait take of the orchestrator's memory. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { BenchFolder } from "../folder.ts";
import { median, type Row, type Table } from "../table.ts";

const PROGRAM = join(import.meta.dirname, "idle.fixture.ts");
const COUNTS = [1, 100, 1_000] as const;
const RUNS = 5;
const MB = 1024 * 1024;

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

export async function memory(): Promise<Table> {
  using folder = new BenchFolder("memory");
  const measured = COUNTS.map((): Memory[] => []);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, count] of COUNTS.entries()) measured[index]?.push(measure(folder.newDatabase(), count));
  }
  const row = (what: keyof Memory, index: number): Row => ({
    name: `${COUNTS[index]} waiting, ${what === "rss" ? "resident" : "heap in use"}`,
    times: (measured[index] ?? []).map((one) => one[what] / MB),
    unit: "MB",
  });
  const heap = COUNTS.map((_, index) => row("heapUsed", index));
  const resident = COUNTS.map((_, index) => row("rss", index));
  const of = (rows: readonly Row[], index: number) => median(rows[index]?.times ?? []);
  const each = ((of(heap, 2) - of(heap, 0)) * 1024) / (COUNTS[2] - COUNTS[0]);
  return {
    about:
      "A process with all of orch's code loaded and so many jobs running that wait, half for a timer, half for a person; after a garbage collection.",
    rows: [...resident, ...heap, { name: "heap for each job that waits", times: [each], unit: "KB" }],
    ratios: [
      { name: "1,000 waiting, resident", value: of(resident, 2), target: 120, unit: "MB" },
      { name: "heap for each job that waits", value: each, target: 4, unit: "KB" },
    ],
  };
}

function measure(database: string, count: number): Memory {
  const output = execFileSync(process.execPath, ["--expose-gc", PROGRAM, database, String(count)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Memory;
}
