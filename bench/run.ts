/** Runs the benchmarks that are named, or all, and prints a table for each. See bench/README.md. */

import { growth } from "./growth.ts";
import { large } from "./large.ts";
import { memory } from "./memory/memory.ts";
import { overhead, whole } from "./overhead.ts";
import { recovery } from "./recovery/recovery.ts";
import { size } from "./size.ts";
import { startup } from "./startup.ts";
import { profile } from "./steps/profile.ts";
import { steps } from "./steps/steps.ts";
import { printTable, type Table } from "./table.ts";
import { ui } from "./ui.ts";

const benchmarks: Readonly<Record<string, () => Promise<Table>>> = {
  steps,
  profile,
  growth,
  size,
  recovery,
  memory,
  startup,
  overhead,
  whole,
  large,
  ui,
};

const words = process.argv.slice(2);
const asJson = words.includes("--json");
const named = words.filter((word) => !word.startsWith("--"));
const unknown = named.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}: choose of ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(benchmarks)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const table = await measure();
  if (asJson) console.log(JSON.stringify({ benchmark: name, ...table }));
  else printTable(name, table);
}
