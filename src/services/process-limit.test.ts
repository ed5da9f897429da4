/** A fork bomb that no sandbox holds, as a test of the user's may turn out to be one. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, shell, until } from "./process.testkit.ts";
import { startDetached } from "./process.ts";
import { watchProcesses } from "./process-limit.ts";
import { endProcessTree, findMarked } from "./process-tree.ts";

async function start(folder: ReturnType<typeof makeFolder>, script: string, maxProcesses: number) {
  const mark = { name: "ORCH_COMMANDS", value: `${folder.path}#job-1:1:0` };
  const output = join(folder.path, "output");
  const run = shell(folder, script, { [mark.name]: mark.value });
  const { pid, ended } = await startDetached({ ...run, stdoutFile: output, stderrFile: output });
  const watch = watchProcesses(pid, mark, { maxProcesses });
  return { watch, ended, left: () => findMarked(mark), end: () => endProcessTree(undefined, mark) };
}

test("processes that leave their parents and their session behind are counted, and all of them are ended", async () => {
  using folder = makeFolder();
  const bomb = await start(folder, "for i in $(seq 300); do (setsid sleep 600 &) ; done; touch done; sleep 600", 100);
  using watch = bomb.watch;
  await bomb.ended;
  expect(watch.exceeded).toBeGreaterThan(100);
  await expect.poll(bomb.left).toEqual([]);
});

test("what stays below the limit goes on", async () => {
  using folder = makeFolder();
  const work = await start(
    folder,
    "for i in $(seq 60); do sleep 600 & done; touch done; sleep 3; touch still; wait",
    100,
  );
  using watch = work.watch;
  await until("it has gone on for a while", () => existsSync(join(folder.path, "still")));
  expect(watch.exceeded).toBeUndefined();
  expect((await work.left()).length).toBe(61);
  await work.end();
});

test("who is no longer watched is left alone", async () => {
  using folder = makeFolder();
  const work = await start(folder, "sleep 1; for i in $(seq 60); do sleep 600 & done; sleep 3; touch still; wait", 20);
  work.watch[Symbol.dispose]();
  await until("it has gone on for a while", () => existsSync(join(folder.path, "still")));
  expect(work.watch.exceeded).toBeUndefined();
  await work.end();
});
