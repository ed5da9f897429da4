/** What jobs that only wait take of the orchestrator's memory. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { BenchFolder } from "../folder.ts";
import { median, type Row, type Table } from "../table.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const COUNTS = [1, 100, 1_000] as const;
const RUNS = 5;
const MB = 1024 * 1024;
/** What Node keeps for new objects is the larger part of what grows, and is empty by then. */
const SMALL_YOUNG_GENERATION = "--max-semi-space-size=4";

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

export async function memory(): Promise<Table> {
  using folder = new BenchFolder("memory");
  const program = compile(join(folder.path, "compiled"));
  const measured = COUNTS.map((): Memory[] => []);
  const limited: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, count] of COUNTS.entries()) measured[index]?.push(measure(program, folder.newDatabase(), count));
    limited.push(measure(program, folder.newDatabase(), COUNTS[2], SMALL_YOUNG_GENERATION).rss / MB);
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
      "A process with all that runs jobs loaded, compiled as it is shipped, and so many jobs running that wait, half for a timer, half for a person; after a garbage collection.",
    rows: [
      ...resident,
      { name: `1000 waiting, resident, with ${SMALL_YOUNG_GENERATION}`, times: limited, unit: "MB" },
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

function measure(program: string, database: string, count: number, ...options: readonly string[]): Memory {
  const words = ["--expose-gc", ...options, program, database, String(count)];
  const output = execFileSync(process.execPath, words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Memory;
}
