import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "./durations.ts";

test.each([
  ["250ms", 250],
  ["90s", 90_000],
  ["10m", 600_000],
  ["1.5h", 5_400_000],
  ["2d", 172_800_000],
  [" 3s ", 3000],
  ["0s", 0],
])("%j is a duration", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "10", "s", "-1s", "1 s", "1S", "1w", "1.s", ".5s", "1e3s", "1s2m", "Infinitys"])(
  "%j is none",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each([
  [0, "0.0s"],
  [440, "0.4s"],
  [9940, "9.9s"],
  [12_400, "12s"],
  [59_400, "59s"],
  [59_600, "1m 00s"],
  [185_000, "3m 05s"],
  [3_599_000, "59m 59s"],
  [3_599_600, "1h 00m"],
  [7_800_000, "2h 10m"],
  [360_000_000, "100h 00m"],
])("%d ms is shown as %j", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
