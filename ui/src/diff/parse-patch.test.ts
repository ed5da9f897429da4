import { expect, test } from "vitest";
import { parsePatch } from "./parse-patch.ts";

test("lines carry their numbers on both sides", () => {
  const [hunk] = parsePatch("@@ -3,3 +3,4 @@ function a() {\n one\n-two\n+2\n+and\n three\n");
  expect(hunk?.section).toBe("function a() {");
  expect(hunk?.lines.map(({ kind, old, new: next, text }) => [kind, old, next, text])).toEqual([
    ["same", 3, 3, "one"],
    ["del", 4, null, "two"],
    ["add", null, 4, "2"],
    ["add", null, 5, "and"],
    ["same", 5, 6, "three"],
  ]);
});

test("a removed line that looks like the head of a hunk is a line", () => {
  const hunks = parsePatch("@@ -1,2 +1 @@\n-@@ -9,9 +9,9 @@\n--- a/x\n+++ b/y\n");
  expect(hunks).toHaveLength(1);
  expect(hunks[0]?.lines.map(({ text }) => text)).toEqual(["@@ -9,9 +9,9 @@", "-- a/x", "++ b/y"]);
});

test("a missing newline at the end is kept in mind, and is no line", () => {
  const [hunk] = parsePatch("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  expect(hunk?.lines.map(({ kind, lacksNewline }) => [kind, lacksNewline])).toEqual([
    ["del", true],
    ["add", false],
  ]);
});

test("a patch that was cut keeps the lines that there are", () => {
  expect(parsePatch("@@ -1,9 +1,9 @@\n a\n b\n").map(({ lines }) => lines.length)).toEqual([2]);
  expect(parsePatch("")).toEqual([]);
});

test("carriage returns belong to the line", () => {
  expect(parsePatch("@@ -0,0 +1 @@\n+a\r\n")[0]?.lines[0]?.text).toBe("a\r");
});
