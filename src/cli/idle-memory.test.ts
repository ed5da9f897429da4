/** The memory of work that is over is given back once, and not while there is work. */

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { collectGarbage, IdleMemory } from "./idle-memory.ts";

test("a while after the last engine has nothing to do any more, memory is given back, once", async () => {
  const given = Promise.withResolvers<void>();
  let times = 0;
  const { onRest } = new IdleMemory(() => {
    times += 1;
    given.resolve();
  }, 1);
  onRest(false);
  onRest(false);
  onRest(true);
  await sleep(20);
  expect(times).toBe(0);
  onRest(true);
  await given.promise;
  await sleep(20);
  expect(times).toBe(1);
});

test("who has something to do again before that is not held up", async () => {
  let times = 0;
  const { onRest } = new IdleMemory(() => {
    times += 1;
  }, 1);
  onRest(false);
  onRest(true);
  onRest(false);
  await sleep(20);
  expect(times).toBe(0);
});

test("what nobody needs any more goes", async () => {
  const used = () => process.memoryUsage().heapUsed;
  const MB = 1024 * 1024;
  let kept: unknown[] = Array.from({ length: 400_000 }, (_, number) => ({ number, text: `number ${number}` }));
  await collectGarbage();
  const before = used();
  expect(kept).toHaveLength(400_000);
  kept = [];
  await collectGarbage();
  expect(before - used()).toBeGreaterThan(10 * MB);
});
