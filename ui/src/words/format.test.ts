import { expect, test } from "vitest";
import { duration, many, preciseDuration, short } from "./format.ts";

test("durations keep two units, and their width", () => {
  expect([0, 4999, 65_000, 3_600_000, 90_000_000].map(duration)).toEqual(["0s", "4s", "1m 05s", "1h 00m", "1d 1h"]);
  expect([-5, 120, 4250, 61_000].map(preciseDuration)).toEqual(["0ms", "120ms", "4.3s", "1m 01s"]);
});

test("large numbers are short, and never round up to a thousand of the smaller unit", () => {
  expect([999, 1000, 12_345, 99_949, 99_950, 999_499, 999_500, 14_200_000].map(short)).toEqual([
    "999",
    "1.0k",
    "12.3k",
    "99.9k",
    "100k",
    "999k",
    "1.0M",
    "14.2M",
  ]);
});

test("one is not many", () => {
  expect([many(1, "file"), many(2, "file"), many(1200, "entry", "entries")]).toEqual([
    "1 file",
    "2 files",
    "1,200 entries",
  ]);
});
