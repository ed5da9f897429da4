/** How long `orch --help` takes, next to Node doing nothing. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Row, ratio, type Table } from "./table.ts";

const RUNS = 25;
const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");

export async function startup(): Promise<Table> {
  const node: number[] = [];
  const help: number[] = [];
  // One after the other, in turns: what slows the machine down for a while then slows both.
  for (let run = 0; run < RUNS; run += 1) {
    node.push(time(["-e", "0"]));
    help.push(time([ORCH, "--help"]));
  }
  const nothing: Row = { name: "node -e 0", times: node };
  const orch: Row = { name: "orch --help", times: help };
  return {
    about: "Wall time of a whole process, from its start to its end.",
    rows: [nothing, orch],
    ratios: [ratio("orch --help / node -e 0", orch, nothing, 3)],
  };
}

function time(args: readonly string[]): number {
  const before = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return performance.now() - before;
}
