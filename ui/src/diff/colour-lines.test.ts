import { expect, test } from "vitest";
import { colourLines } from "./colour-lines.ts";

const colours = (lines: string[], language: string) =>
  colourLines(lines, language)?.map((marks, index) =>
    marks.map(({ start, end, className }) => `${className.slice("syntax-".length)}:${lines[index]?.slice(start, end)}`),
  );

test("words are classed by what they are", () => {
  expect(colours(["export const answer = 42; // why"], "typescript")).toEqual([
    ["keyword:export", "keyword:const", "literal:42", "comment:// why"],
  ]);
});

test("a comment over several lines colours each of them", () => {
  expect(colours(["/* one", "two */", "let x;"], "typescript")).toEqual([
    ["comment:/* one"],
    ["comment:two */"],
    ["keyword:let"],
  ]);
});

test("markup is text: its characters come back as they were", () => {
  const lines = ["<script>alert(1)</script>", "&amp; <b>"];
  const marks = colourLines(lines, "xml") ?? [];
  expect(marks[0]?.every(({ start, end }) => start < end && end <= (lines[0]?.length ?? 0))).toBe(true);
});

test("a line that is too long has no colours, and those behind it have theirs", () => {
  const found = colours([`const a = "${"x".repeat(5000)}";`, "const b = 1;"], "javascript");
  expect(found?.[0]).toEqual([]);
  expect(found?.[1]).toEqual(["keyword:const", "literal:1"]);
});

test("a grammar that is not known answers null", () => {
  expect(colourLines(["x"], "no-such-language")).toBeNull();
});
