import { expect, test } from "vitest";
import { changeMarks, kindOf } from "./change-marks.ts";
import { inShort, treeRows } from "./json-tree.ts";

const context = {
  head: "b",
  board: [
    { id: "one", status: "done" },
    { id: "two", status: "running" },
  ],
  note: null,
  list: Array.from({ length: 250 }, (_, index) => index),
};
const changes = [
  { path: "head", before: "a", after: "b" },
  { path: "board.1.status", before: "pending", after: "running" },
  { path: "gone", before: 1 },
];
const none = new Map();
const paths = (rows: ReturnType<typeof treeRows>) =>
  rows.map(({ path, kind }) => (kind === "more" ? `${path} …` : path));

test("a change is something added, removed or changed; those that hold it are known", () => {
  expect(changes.map(kindOf)).toEqual(["changed", "changed", "removed"]);
  expect(kindOf({ path: "x", after: null })).toBe("added");
  expect([...changeMarks(changes).holders]).toEqual(["board", "board.1"]);
});

test("what has changed is open, the rest is closed until it is opened", () => {
  const rows = treeRows(context, changes, none, none);
  expect(paths(rows)).toEqual(["head", "board", "board.0", "board.1", "board.1.id", "board.1.status", "note", "list"]);
  expect(rows.filter(({ change }) => change !== null).map(({ path }) => path)).toEqual(["head", "board.1.status"]);
  const closed = treeRows(context, changes, new Map([["board", false]]), none);
  expect(paths(closed)).toEqual(["head", "board", "note", "list"]);
});

test("long lists are opened in parts, but a change far down is shown", () => {
  const open = new Map([["list", true]]);
  const rows = treeRows(context, [{ path: "list.230", before: 0, after: 230 }], open, none);
  expect(rows.filter(({ path }) => path.startsWith("list."))).toHaveLength(101);
  expect(rows.at(-1)).toMatchObject({ kind: "more", size: 150 });
  expect(treeRows(context, [], open, new Map([["list", 3]])).at(-1)?.path).toBe("list.249");
});

test("what is new is marked with all that is in it", () => {
  const rows = treeRows(
    { new: { a: { b: 1 } } },
    [{ path: "new", after: { a: { b: 1 } } }],
    new Map([
      ["new", true],
      ["new.a", true],
    ]),
    none,
  );
  expect(rows.map(({ path, change }) => [path, change])).toEqual([
    ["new", "added"],
    ["new.a", "added"],
    ["new.a.b", "added"],
  ]);
});

test("a value is told on one line", () => {
  expect(inShort({ a: 1, b: 2, c: 3, d: 4 }, 20)).toBe("{ a, b, c, …1 }");
  expect(inShort("two\n lines", 20)).toBe('"two lines"');
  expect(inShort("x".repeat(50), 10)).toBe(`"${"x".repeat(9)}…"`);
  expect([inShort([], 9), inShort([1], 9), inShort({}, 9), inShort(undefined, 9), inShort(null, 9)]).toEqual([
    "[]",
    "[1]",
    "{}",
    "nothing",
    "null",
  ]);
});
