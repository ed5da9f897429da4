import { expect, test } from "vitest";
import { changesOf, cutJson } from "./context-changes.ts";

test("a change is told by its path, with what was and what is", () => {
  const before = { head: "a", board: [{ id: "x", status: "pending" }], gone: 1, same: { deep: true } };
  const after = { head: "b", board: [{ id: "x", status: "done" }, { id: "y" }], same: { deep: true }, error: null };
  expect(changesOf(before, after)).toEqual({
    isCut: false,
    changes: [
      { path: "head", before: "a", after: "b" },
      { path: "board.0.status", before: "pending", after: "done" },
      { path: "board.1", after: { id: "y" } },
      { path: "gone", before: 1 },
      { path: "error", after: null },
    ],
  });
});

test("long texts and stacks don't leave the server whole", () => {
  const cut = cutJson({ text: "x".repeat(10_000), error: { name: "E", message: "m", stack: "at file.ts" } }) as {
    readonly text: string;
    readonly error: object;
  };
  expect(cut.text).toHaveLength(8001);
  expect(cut.error).toEqual({ name: "E", message: "m" });
});
