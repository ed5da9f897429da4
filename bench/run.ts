/** Runs the benchmarks that are named, or all, and prints a table for each. See bench/README.md. */

import { parseArgs } from "node:util";
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

const benchmarks: Readonly<Record<string, (commits: readonly string[]) => Promise<Table>>> = {
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

const { values, positionals: named } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    // Of `steps` and `profile`: the engine as it was at that commit is measured beside this one.
    at: { type: "string", multiple: true, default: [] },
  },
});
const unknown = named.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}: choose of ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(benchmarks)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const table = await measure(values.at);
  if (values.json) console.log(JSON.stringify({ benchmark: name, ...table }));
  else printTable(name, table);
}
