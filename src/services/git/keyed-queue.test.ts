import { expect, test } from "vitest";
import { KeyedQueue } from "./keyed-queue.ts";

test("tasks of one key run one after the other, also behind one that failed; other keys do not wait", async () => {
  const queue = new KeyedQueue();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = queue.run("a", async () => {
    await gate.promise;
    seen.push("first");
    throw new Error("it failed");
  });
  const second = queue.run("a", async () => seen.push("second"));
  await queue.run("b", async () => seen.push("other"));
  gate.resolve();
  await expect(first).rejects.toThrow("it failed");
  await second;
  expect(seen).toEqual(["other", "first", "second"]);
});
