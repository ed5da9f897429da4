import { expect, test } from "vitest";
import { count, formatStat, formatTime, formatUsage } from "./figures.ts";
import { noUsage } from "./usage.ts";

test("changes are counted in files and lines", () => {
  expect(formatStat({ files: 1, insertions: 0, deletions: 2 })).toBe("1 file, +0 −2");
  expect(formatStat({ files: 1200, insertions: 1_234_567, deletions: 2 })).toBe("1,200 files, +1,234,567 −2");
});

test("tokens are told with what was cached and what was reasoning, if there was any", () => {
  expect(formatUsage(noUsage)).toBe("0 in, 0 out");
  expect(
    formatUsage({ inputTokens: 12_300, cachedInputTokens: 3000, outputTokens: 2100, reasoningOutputTokens: 800 }),
  ).toBe("12,300 in (3,000 cached), 2,100 out (800 reasoning)");
});

test("one is one, and none are many", () => {
  expect([count(0, "job"), count(1, "job"), count(2, "job")]).toEqual(["0 jobs", "1 job", "2 jobs"]);
});

test("a time is told in this machine's zone, to the minute", () => {
  expect(formatTime(new Date(2030, 0, 31, 9, 5, 59).getTime())).toBe("2030-01-31 09:05");
});
