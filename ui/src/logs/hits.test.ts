import { expect, test } from "vitest";
import { hitMarks, isHit, nextHit } from "./hits.ts";

test("next and previous go around the ends", () => {
  const hits = [10, 20, 30];
  expect([nextHit(hits, 10, 1), nextHit(hits, 30, 1), nextHit(hits, 0, 1)]).toEqual([1, 0, 0]);
  expect([nextHit(hits, 20, -1), nextHit(hits, 10, -1), nextHit(hits, 99, -1)]).toEqual([0, 2, 2]);
  expect(nextHit([], 5, 1)).toBe(-1);
});

test("a line is a hit or not", () => {
  expect([10, 11, 30, 31].map((line) => isHit([10, 20, 30], line))).toEqual([true, false, true, false]);
  expect(isHit([], 0)).toBe(false);
});

test("words are found as they are, without regard to case", () => {
  expect(hitMarks("a.B a+b A.b", "a.b").map(({ start }) => start)).toEqual([0, 8]);
  expect(hitMarks("İstanbul ok", "OK")).toEqual([{ start: 9, end: 11, className: "hit" }]);
  for (const search of ["(", "[a-", "\\", "$", "a{1", "/x-"]) expect(hitMarks(`-${search}-`, search)).toHaveLength(1);
  expect(hitMarks("abc", "")).toEqual([]);
});
