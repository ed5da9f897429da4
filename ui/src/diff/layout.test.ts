import { expect, test } from "vitest";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { fileAt, type Item, itemsOfFile, keyOf, LARGE, placesOf, UNASKED } from "./layout.ts";
import { parsePatch } from "./parse-patch.ts";

const file: ChangedFile = { index: 0, path: "a.ts", oldPath: null, status: "modified", insertions: 2, deletions: 1 };
const hunks = parsePatch("@@ -10,5 +10,6 @@\n a\n b\n c\n-d\n+D\n+E\n e\n@@ -40 +41 @@\n-x\n+y\n");
const ready = { ...UNASKED, status: "ready" as const, hunks };
const show = (items: readonly Item[]) =>
  items.map((item) =>
    item.kind === "note" ? item.note : item.kind === "row" && item.beginsChange ? "row!" : item.kind,
  );

test("a file is its head, its lines, and folds between them", () => {
  expect(show(itemsOfFile(file, ready, "unified", false))).toEqual([
    ...["file", "fold", "row", "row", "row", "row!", "row", "row", "row", "fold", "row!", "row"],
  ]);
  expect(show(itemsOfFile(file, ready, "split", false))).toEqual([
    ...["file", "fold", "row", "row", "row", "row!", "row", "row", "fold", "row!"],
  ]);
});

test("a file that is closed is its head", () => {
  expect(show(itemsOfFile(file, ready, "split", true))).toEqual(["file"]);
});

test("a file without lines says why", () => {
  const note = (part: Partial<ChangedFile>, state = UNASKED) =>
    show(itemsOfFile({ ...file, ...part }, state, "split", false))[1];
  expect(note({ insertions: null, deletions: null })).toBe("binary");
  expect(note({ insertions: 0, deletions: 0, status: "renamed", oldPath: "b.ts" })).toBe("moved");
  expect(note({ insertions: 0, deletions: 0 })).toBe("mode");
  expect(note({ insertions: 0, deletions: 0, status: "added" })).toBe("empty");
  expect(note({ insertions: LARGE, deletions: 1 })).toBe("large");
  expect(note({})).toBe("loading");
  expect(note({}, { ...UNASKED, status: "failed" })).toBe("failed");
});

test("no two rows of a file have the same name", () => {
  for (const style of ["split", "unified"] as const) {
    const keys = itemsOfFile(file, { ...ready, isCut: true }, style, false).map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test("a row of the list is found in its file", () => {
  const places = placesOf([3, 1, 5]);
  expect(places.count).toBe(9);
  expect([0, 2, 3, 4, 8].map((index) => fileAt(places, index))).toEqual([0, 0, 1, 2, 2]);
});
