/** A choice of the hostile corpus (`npm run test:hostile` is all of it): tricks that a seed chooses, through their real doors. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seededRandom } from "./crash-matrix/choose.ts";
import { chooseTricks } from "./hostile/choose.ts";
import { families } from "./hostile/families/index.ts";
import { summaryLine, troubles } from "./hostile/report.ts";
import { onThisMachine, tryAll } from "./hostile/try-all.ts";
import { ROOT } from "./hostile/world.ts";

/** Another choice each day; `ORCH_HOSTILE_SEED` makes one again. */
const seed = Number(process.env.ORCH_HOSTILE_SEED ?? new Date().toISOString().slice(0, 10).replaceAll("-", ""));
const COUNT = 120;

test(`no trick of about ${COUNT} that a seed chose (ORCH_HOSTILE_SEED=${seed}) lands, and each of them lands without the guard`, {
  timeout: 600_000,
}, async () => {
  const chosen = chooseTricks(onThisMachine(families).families, COUNT, seededRandom(seed));
  const outcomes = await tryAll(chosen);
  console.log(`Seed ${seed}: ${summaryLine(outcomes)}`);
  expect(troubles(outcomes)).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(COUNT / 2);
});

test("the corpus has at least 150 tricks, each with a name of its own in its family", () => {
  expect(families.flatMap(({ tricks }) => tricks).length).toBeGreaterThanOrEqual(150);
  for (const { name, tricks } of families) {
    const names = tricks.map((trick) => `${trick.door}: ${trick.name}`);
    expect(new Set(names).size, name).toBe(names.length);
  }
});

test("what SECURITY.md names as a proof is there: its tests and its families", () => {
  const page = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
  const files = [...page.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, path]) => path as string);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const named = [...page.matchAll(/(?<=famil(?:y|ies) [^|;]*)_([^_]+)_/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !families.some((family) => family.name === name))).toEqual([]);
});
