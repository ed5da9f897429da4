import { expect, test } from "vitest";
import { position, ticks } from "./time-scale.ts";

const scale = { from: 1000, to: 601_000, width: 1000 };

test("a time stands in proportion, and never outside", () => {
  expect([1000, 301_000, 601_000, 0, 999_999_999].map((time) => position(scale, time))).toEqual([
    0, 500, 1000, 0, 1000,
  ]);
});

test("ticks are round distances from the beginning, far enough apart to be read", () => {
  const found = ticks(scale);
  expect(found.map(({ label }) => label)).toEqual(["0", "1m", "2m", "3m", "4m", "5m", "6m", "7m", "8m", "9m"]);
  expect(found.slice(1).every(({ x }, index) => x - (found[index]?.x ?? 0) >= 88)).toBe(true);
});

test("from a second to a year the axis has between one and fifteen ticks", () => {
  for (const length of [1, 1000, 60_000, 86_400_000, 31_536_000_000])
    expect(ticks({ from: 0, to: length, width: 1000 }).length).toBeLessThan(16);
});

test("distances are told with two units where one is not enough", () => {
  const labels = ticks({ from: 0, to: 3 * 3_600_000, width: 700 }).map(({ label }) => label);
  expect(labels).toEqual(["0", "30m", "1h", "1h 30m", "2h", "2h 30m"]);
});

test("an axis without a width or a length has none", () => {
  expect([ticks({ ...scale, width: 0 }), ticks({ from: 5, to: 5, width: 900 })]).toEqual([[], []]);
});
