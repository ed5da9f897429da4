import { expect, test } from "vitest";
import { retryTime } from "./retry-time.ts";

const now = new Date(2026, 10, 22, 15, 30).getTime();
const minute = 60_000;

test.each([
  ["Please try again in 2.5s.", 2500],
  ["Rate limit reached. Try again in 250ms", 250],
  ["You've hit your usage limit. Try again in 1 hour 5 minutes.", 65 * minute],
  ["try again in 3 days 4 hours 5 minutes", (3 * 1440 + 245) * minute],
  ["try again in 1h5m", 65 * minute],
  ["You've hit your usage limit. Try again at 3:45 PM.", 15 * minute],
  ["try again at 3:15 PM", (1440 - 15) * minute],
  ["try again at Nov 23rd, 2026 3:30 PM.", 1440 * minute],
  ["try again at Nov 21st, 2026 3:30 PM.", 0],
])("%s", (text, expected) => {
  expect(retryTime(text, now)).toBe(expected);
});

test.each(["You've hit your usage limit.", "try again later", "try again at noon", ""])("no time: %s", (text) => {
  expect(retryTime(text, now)).toBeUndefined();
});
