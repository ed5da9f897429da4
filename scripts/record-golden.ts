/**
 * Runs the golden jobs, all real but for the model, and writes their histories under `workflows/golden`. Run it with a new
 * version of a workflow, before its release: `npx node scripts/record-golden.ts`, or with the names of some of the jobs.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codingRegistry } from "../src/coding-workflows.ts";
import type { HistoryRecord } from "../src/store/store.ts";
import { type GoldenJob, goldenJobs } from "../test/golden/golden-jobs.ts";
import { neutralHistory } from "../test/golden/neutral-history.ts";
import { Workshop } from "../test/support/workshop.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, "workflows", "golden");

const asked = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });
for (const job of goldenJobs) {
  if (asked.length > 0 && !asked.includes(job.name)) continue;
  const history = await recorded(job);
  const { workflow, version } = (history[0] as HistoryRecord).event as { workflow: string; version: number };
  const name = `${workflow}-v${version}-${job.name}.json`;
  writeFileSync(join(FOLDER, name), JSON.stringify({ history }));
  execFileSync(join(ROOT, "node_modules", ".bin", "biome"), ["format", "--write", join(FOLDER, name)]);
  console.log(`${name}: ${history.length} entries`);
}

async function recorded({ name, open, play }: GoldenJob): Promise<HistoryRecord[]> {
  await using shop = await Workshop.open(await open());
  await play(shop);
  using store = await shop.store();
  return neutralHistory(store.listHistory(name), codingRegistry(), { [shop.base]: "/golden", [ROOT]: "/orch" });
}
