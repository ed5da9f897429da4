/** Runs the benchmarks that are named, or all, and prints a table for each. See bench/README.md. */

import { growth } from "./growth.ts";
import { large } from "./large.ts";
import { overhead } from "./overhead.ts";
import { startup } from "./startup.ts";
import { steps } from "./steps/steps.ts";
import { printTable, type Table } from "./table.ts";
import { ui } from "./ui.ts";

const benchmarks: Readonly<Record<string, () => Promise<Table>>> = { steps, startup, overhead, growth, large, ui };

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
