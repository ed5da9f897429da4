import { expect, test } from "vitest";
import { cutToWidth, padToWidth, textWidth } from "./text-width.ts";

test.each([
  ["", 0],
  ["plain", 5],
  ["é", 1],
  ["e\u0301", 1],
  ["日本語", 6],
  ["한국", 4],
  ["Ａ", 2],
  ["🎉", 2],
  ["👩‍👩‍👧", 2],
  ["a\u200bb", 2],
  ["…✓−⠋", 4],
])("%j takes %i columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test.each([
  ["short", 10, "short"],
  ["exactly", 7, "exactly"],
  ["too long", 5, "too …"],
  ["日本語", 5, "日本…"],
  ["日本語", 4, "日…"],
  ["👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"],
  ["ab", 1, "…"],
  ["ab", 0, ""],
])("%j is cut to %i columns as %j", (text, columns, cut) => {
  expect(cutToWidth(text, columns)).toBe(cut);
  expect(textWidth(cutToWidth(text, columns))).toBeLessThanOrEqual(columns);
});

test("padding counts columns, not characters", () => {
  expect(padToWidth("日本", 6)).toBe("日本  ");
  expect(padToWidth("longer", 3)).toBe("longer");
});
