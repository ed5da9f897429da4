import { expect, test } from "vitest";
import { BLOCK, LineCache } from "./line-cache.ts";

const lines = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ n: from + index }));

test("what is missing is named from the first missing line on, up to the end of its block", () => {
  const cache = new LineCache();
  cache.put([], 10_000);
  expect(cache.missing(5300, 5340)).toEqual({ from: 5300, limit: 5500 - 5300 });
  cache.put(lines(5300, 200), 10_000);
  expect(cache.missing(5300, 5340)).toBeNull();
  expect(cache.missing(5290, 5340)).toEqual({ from: 5290, limit: 10 });
  expect(cache.missing(5490, 5510)).toEqual({ from: 5500, limit: BLOCK });
  expect(cache.missing(9990, 12_000)).toEqual({ from: 9990, limit: 10 });
});

test("a log that grows asks for its new lines only", () => {
  const cache = new LineCache();
  cache.put(lines(0, 3), 3);
  expect(cache.missing(0, 100)).toBeNull();
  cache.put([], 5);
  expect(cache.missing(0, 100)).toEqual({ from: 3, limit: 2 });
});

test("a log that has become shorter is read anew", () => {
  const cache = new LineCache();
  cache.put(lines(0, 10), 10);
  cache.put([], 4);
  expect(cache.get(2)).toBeUndefined();
  expect(cache.missing(0, 4)).toEqual({ from: 0, limit: 4 });
});

test("an item that has changed replaces the one before", () => {
  const cache = new LineCache<{ n: number; done: boolean }>();
  cache.put([{ n: 0, done: false }], 1);
  cache.put([{ n: 0, done: true }], 1);
  expect(cache.get(0)?.done).toBe(true);
});

test("blocks that were not looked at for long are let go, those in view are kept", () => {
  const cache = new LineCache();
  cache.put(lines(0, 10), 1_000_000);
  for (let block = 1; block < 200; block += 1) {
    cache.put(lines(block * BLOCK, 1), 1_000_000);
    cache.missing(0, 10);
  }
  expect(cache.get(5)).toEqual({ n: 5 });
  expect(cache.get(3 * BLOCK)).toBeUndefined();
});
