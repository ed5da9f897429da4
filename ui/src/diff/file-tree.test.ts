import { expect, test } from "vitest";
import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { filterFiles, inOrder, rowsOfTree, type TreeNode, treeOf } from "./file-tree.ts";

const files = ["src/deep/only/here/a.ts", "src/b.ts", "README.md", "test/unit/x.test.ts", "test/unit/y.test.ts"].map(
  (path, index): ChangedFile => ({ index, path, oldPath: null, status: "modified", insertions: 1, deletions: 0 }),
);
const show = (nodes: readonly TreeNode[]): unknown[] =>
  nodes.map((node) => (node.kind === "file" ? node.name : [node.name, show(node.children)]));

test("folders come before files, and a chain of folders is one line", () => {
  expect(show(treeOf(files))).toEqual([
    ["src", [["deep/only/here", ["a.ts"]], "b.ts"]],
    ["test/unit", ["x.test.ts", "y.test.ts"]],
    "README.md",
  ]);
});

test("the order of the tree holds every file once", () => {
  expect(inOrder(treeOf(files)).map(({ path }) => path)).toEqual([
    "src/deep/only/here/a.ts",
    "src/b.ts",
    "test/unit/x.test.ts",
    "test/unit/y.test.ts",
    "README.md",
  ]);
});

test("a filter finds files by words of their path, and of the path that they had", () => {
  expect(filterFiles(files, "TEST x").map(({ index }) => index)).toEqual([3]);
  const moved = { ...(files[1] as ChangedFile), oldPath: "lib/old-name.ts" };
  expect(filterFiles([moved], "old-name")).toHaveLength(1);
  expect(filterFiles(files, "  ")).toHaveLength(5);
});

test("a file named like a part of every object is a file", () => {
  expect(show(treeOf([{ ...(files[0] as ChangedFile), path: "__proto__/constructor" }]))).toEqual([
    ["__proto__", ["constructor"]],
  ]);
});

test("a closed folder hides what lies in it", () => {
  const rows = rowsOfTree(treeOf(files), new Set(["src/deep/only/here", "test/unit"]));
  expect(rows.map(({ node, depth }) => `${depth} ${node.name}`)).toEqual([
    "0 src",
    "1 deep/only/here",
    "1 b.ts",
    "0 test/unit",
    "0 README.md",
  ]);
});
