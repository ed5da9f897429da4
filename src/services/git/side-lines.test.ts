import { expect, test } from "vitest";
import { isDropped, sideWork } from "./side-lines.ts";

const base = "function f(a) {\n  return a;\n}\n";
const ours = base.replace("f(a)", "f(a, b)");
const theirs = base.replace("f(a)", "f(a, c)");

const dropped = (resolved: string, elsewhere: readonly string[] = []) => [
  isDropped(sideWork(base, ours, theirs), resolved, elsewhere),
  isDropped(sideWork(base, theirs, ours), resolved, elsewhere),
];

test("a side is there when a line of it is there, whatever its indentation", () => {
  expect(dropped(ours)).toEqual([false, true]);
  expect(dropped(`if (x) {\n    ${theirs}}`)).toEqual([true, false]);
  expect(dropped(base)).toEqual([true, true]);
});

test("both sides are there when their edits of one line were brought together", () => {
  expect(dropped(base.replace("f(a)", "f(a, b, c)"))).toEqual([false, false]);
});

test("a side that moved to another file is there", () => {
  expect(dropped(ours, ["function f(a, c) {\n"])).toEqual([false, false]);
});

test("brackets, blank lines and what both sides wrote say nothing", () => {
  const work = sideWork("", "shared line\n}\n\nmine\n", "shared line\n}\n");
  expect([...work.lines]).toEqual(["mine"]);
  expect(isDropped(work, "shared line\n}\n", [])).toBe(true);
});

test("a side that only deleted has nothing that could be dropped", () => {
  expect(isDropped(sideWork("a\nb\n", "a\n", "a\nB\n"), "a\nB\n", [])).toBe(false);
});
