import { expect, test } from "vitest";
import { type Fold, partsOf, type Run } from "./fold.ts";
import { parsePatch } from "./parse-patch.ts";

const show = (parts: readonly (Fold | Run)[]) =>
  parts.map((part) =>
    part.kind === "run"
      ? part.lines.map(({ text }) => text).join(" ")
      : `${part.key}:${part.hidden ?? "?"}${part.isLoaded ? "" : "!"}`,
  );

const near = parsePatch("@@ -10,4 +10,4 @@\n j\n-k\n+K\n l\n m\n@@ -30,3 +30,4 @@ end()\n x\n+y\n z\n Z\n");
/** A file of 20 lines in which line 10 changed. */
const whole = parsePatch(
  `@@ -1,20 +1,20 @@\n${Array.from({ length: 20 }, (_, n) => (n === 9 ? "-10\n+ten" : ` ${n + 1}`)).join("\n")}\n`,
);

test("between hunks and before the first there is a fold of known size", () => {
  const parts = partsOf(near, false);
  expect(show(parts)).toEqual(["1:9!", "j k K l m", "14:16!", "x y z Z"]);
  expect((parts[2] as Fold).section).toBe("end()");
});

test("behind the last hunk nobody knows how much follows, unless it ends with the file", () => {
  const open = parsePatch("@@ -1,3 +1,4 @@\n+new\n a\n b\n c\n");
  expect(show(partsOf(open, false))).toEqual(["new a b c", "5:?!"]);
  expect(show(partsOf(open, true))).toEqual(["new a b c"]);
  expect(show(partsOf(parsePatch("@@ -0,0 +1,2 @@\n+a\n+b\n"), false))).toEqual(["a b"]);
});

test("a whole file is folded around its changes, under the same keys as the patch with little context", () => {
  expect(show(partsOf(whole, true))).toEqual(["1:6", "7 8 9 10 ten 11 12 13", "14:7"]);
});

test("a fold is opened from either end, or altogether", () => {
  expect(show(partsOf(whole, true, new Map([[1, { head: 0, tail: 2 }]])))).toEqual([
    "1:4",
    "5 6 7 8 9 10 ten 11 12 13",
    "14:7",
  ]);
  expect(show(partsOf(whole, true, new Map([[14, { head: 1, tail: 1 }]]))).slice(2)).toEqual(["14:5", "20"]);
  expect(show(partsOf(whole, true, new Map([[14, { head: 99, tail: 0 }]])))).toHaveLength(2);
});

test("a file that lost lines has its fold counted on the side that is left", () => {
  const gone = parsePatch("@@ -5,2 +4,0 @@\n-a\n-b\n");
  expect(show(partsOf(gone, false))).toEqual(["1:4!", "a b"]);
});
