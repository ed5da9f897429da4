/**
 * `npm run test:hostile`: tries every trick of the corpus through its real door, with the guard and with the guard taken
 * away, and says what landed. `-- --help` tells the options.
 */

import { parseArgs } from "node:util";
import { families } from "./families/index.ts";
import { naiveLines, summaryLine, table, troubles } from "./report.ts";
import { onThisMachine, tryAll } from "./try-all.ts";

const HELP = `npm run test:hostile [-- OPTIONS]
  --family TEXT   only the families whose name holds TEXT
  --door TEXT     only the tricks of this door: planner, codex, tree, verify, copy, shown
  --trick TEXT    only the tricks whose name holds TEXT
  --times         tells how long each place took`;

const { values: options } = parseArgs({
  options: {
    family: { type: "string", default: "" },
    door: { type: "string" },
    trick: { type: "string", default: "" },
    times: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const { families: possible, missing } = onThisMachine(families);
const chosen = possible
  .filter(({ name }) => name.includes(options.family))
  .map(({ name, tricks }) => ({
    name,
    tricks: tricks.filter(
      (trick) => trick.name.includes(options.trick) && (options.door === undefined || trick.door === options.door),
    ),
  }))
  .filter(({ tricks }) => tricks.length > 0);

const begun = performance.now();
const outcomes = await tryAll(chosen, (line) => options.times && console.log(line));
for (const line of [...table(outcomes), "", ...naiveLines(outcomes), ...troubles(outcomes)]) console.log(line);
if (missing.length > 0) console.log(`Not tried, because they are not on this machine: ${missing.join(", ")}`);
console.log(`${Math.round((performance.now() - begun) / 1000)} s`);
console.log(summaryLine(outcomes));
process.exitCode = outcomes.length > 0 && troubles(outcomes).length === 0 ? 0 : 1;
