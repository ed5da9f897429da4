/** A choice of the crash matrix (`npm run test:crash` is all of it): SIGKILL at points that a seed chooses, then resume. */

import { expect, test } from "vitest";
import { allScenarios, choose, seededRandom } from "./crash-matrix/choose.ts";
import { formatScenario, runCalm, runScenario } from "./crash-matrix/scenario.ts";

/** Another choice each day; `ORCH_CRASH_SEED` makes one again. */
const seed = Number(process.env.ORCH_CRASH_SEED ?? new Date().toISOString().slice(0, 10).replaceAll("-", ""));
const COUNT = 8;

test(`promises 1, 2, 3, 10: killed at ${COUNT} points (ORCH_CRASH_SEED=${seed}), the same tree comes out and nothing is paid twice`, {
  timeout: 300_000,
}, async () => {
  const calm = await runCalm();
  const random = seededRandom(seed);
  const scenarios = choose(allScenarios(calm.passed, random), COUNT, random);
  console.log(`Seed ${seed} chose:\n${scenarios.map((scenario) => `  ${formatScenario(scenario)}`).join("\n")}`);
  const waiting = [...scenarios];
  const failures: string[] = [];
  let landed = 0;
  const next = async () => {
    for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
      const verdict = await runScenario(calm, scenario);
      landed += verdict.landed;
      failures.push(
        ...verdict.problems.map((problem) => `npm run test:crash -- ${formatScenario(scenario)}: ${problem}`),
      );
    }
  };
  await Promise.all([next(), next()]);
  expect(failures).toEqual([]);
  expect(landed).toBeGreaterThan(0);
});
