/**
 * `npm run test:crash`: kills the real orchestrator at every point of the demo's job, resumes it, and says whether
 * anything was lost, paid twice or left. `-- --help` tells the options.
 */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { allScenarios, choose, seededRandom } from "./choose.ts";
import { parsePoint, type Victims } from "./point.ts";
import { HEADER, KIND_HEADER, kindLine, kindsOf, notReachedLine, summaryLine, troubleLines } from "./report.ts";
import { type Calm, runCalm, runScenario, type Scenario, type Verdict } from "./scenario.ts";

const HELP = `npm run test:crash [-- OPTIONS]
  --sample N          only N of the points, chosen by the seed
  --seed S            a number; the choice of second kills, and of a sample, follows from it (default: today's date)
  --jobs N            how many run at a time (default: one more than there are processors)
  --point "NAME#N"    only this point
  --then "NAME#N"     with --point: kill the resume there, too
  --victims WHO       with --point: orchestrator (the default), codex, or both`;

const { values: options } = parseArgs({
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: new Date().toISOString().slice(0, 10).replaceAll("-", "") },
    jobs: { type: "string", default: String(availableParallelism() + 1) },
    point: { type: "string" },
    // biome-ignore lint/suspicious/noThenProperty: the name of an option; nobody awaits this object.
    then: { type: "string" },
    victims: { type: "string", default: "orchestrator" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const begun = performance.now();
const calm = await runCalm();
console.log(HEADER);
console.log(`Undisturbed: ${calm.passed.length} points, ${calm.paid} turns paid. Seed ${options.seed}.\n`);

const scenarios = scenariosFor(calm);
const kinds = kindsOf(scenarios);
const verdicts: Verdict[] = [];
console.log(KIND_HEADER);
const inOrder = kinds.flatMap((kind) => kind.scenarios);
await forEach(Number(options.jobs), inOrder, async (scenario) => {
  const verdict = await runScenario(calm, scenario);
  verdicts.push(verdict);
  for (const line of troubleLines(verdict)) console.log(line);
  for (const kind of kinds) {
    const done = verdicts.filter((verdict) => kind.scenarios.includes(verdict.scenario));
    const isLast = kind.scenarios.includes(scenario) && done.length === kind.scenarios.length;
    if (isLast) console.log(kindLine(kind.name, done));
  }
});

console.log("");
const failed = verdicts.filter(({ problems }) => problems.length > 0);
for (const line of failed.flatMap(troubleLines)) console.log(line);
console.log(notReachedLine(verdicts, (performance.now() - begun) / 1000));
if (verdicts.length < scenarios.length) console.log(`Stopped: ${scenarios.length - verdicts.length} were not tried.`);
const isWhole = verdicts.length === scenarios.length && verdicts.some(({ landed }) => landed > 0);
process.exitCode = isWhole && failed.length === 0 ? 0 : 1;
console.log(summaryLine(verdicts));

function scenariosFor({ passed }: Calm): readonly Scenario[] {
  if (options.point !== undefined) {
    const second = options.then === undefined ? null : parsePoint(options.then);
    return [{ first: parsePoint(options.point), second, victims: options.victims as Victims }];
  }
  const random = seededRandom(Number(options.seed));
  const all = allScenarios(passed, random);
  return options.sample === undefined ? all : choose(all, Number(options.sample), random);
}

/** A few at a time, each kind of point by itself, so that its line comes as soon as it can. */
async function forEach<T>(jobs: number, items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  // Those that run are ended by the same Ctrl-C; their places are cleaned up.
  process.once("SIGINT", () => waiting.splice(0));
  const next = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, next));
}
