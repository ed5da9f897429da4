import { expect, test } from "vitest";
import { table } from "./table.ts";
import { textWidth } from "./text-width.ts";

const rows = [
  ["JOB", "TASK", "STATE"],
  ["a", "Write a long story", "done"],
  ["second", "日本語", "failed"],
];

test("columns stand below each other", () => {
  expect(table(rows, undefined, 1)).toEqual([
    "JOB     TASK                STATE",
    "a       Write a long story  done",
    "second  日本語              failed",
  ]);
});

test("on a narrow terminal the elastic column gives way", () => {
  expect(table(rows, 26, 1)).toEqual([
    "JOB     TASK        STATE",
    "a       Write a l…  done",
    "second  日本語      failed",
  ]);
});

test.each([1, 5, 12, 20, 40, 200])("no line is wider than a terminal of %i columns", (columns) => {
  for (const line of table(rows, columns, 1)) expect(textWidth(line)).toBeLessThanOrEqual(columns);
});
