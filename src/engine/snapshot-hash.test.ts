/** What two snapshots must have in common to count as the same. */

import { expect, test } from "vitest";
import type { PersistedSnapshot } from "./interpreter.ts";
import { hashSnapshot } from "./snapshot-hash.ts";

const snapshot: PersistedSnapshot = {
  status: "active",
  value: { working: "a" },
  context: { list: [1, 2], inner: { x: 1, y: "\u2028" } },
  children: { one: "subtask" },
};

test("promise 8: the order of keys, and properties that JSON leaves out, make no difference", () => {
  const other: PersistedSnapshot = {
    children: { one: "subtask" },
    context: { gone: undefined, inner: { y: "\u2028", x: 1 }, list: [1, 2] },
    value: { working: "a" },
    status: "active",
  };
  expect(hashSnapshot(snapshot)).toMatch(/^[\w-]{22}$/);
  expect(hashSnapshot(other)).toBe(hashSnapshot(snapshot));
  expect(hashSnapshot(JSON.parse(JSON.stringify(other)) as PersistedSnapshot)).toBe(hashSnapshot(snapshot));
});

test.each<[string, Partial<PersistedSnapshot>]>([
  ["status", { status: "done" }],
  ["value", { value: { working: "b" } }],
  ["a list's order", { context: { list: [2, 1], inner: { x: 1, y: "\u2028" } } }],
  ["a text that looks like a number", { context: { list: [1, 2], inner: { x: "1", y: "\u2028" } } }],
  ["a key", { context: { list: [1, 2], inner: { x: 1, z: "\u2028" } } }],
  ["children", { children: {} }],
  ["output", { output: null }],
  ["historyValue", { historyValue: {} }],
  ["an error", { error: { name: "Error", message: "boom" } }],
])("promise 8: another snapshot has another hash: %s", (_name, change) => {
  expect(hashSnapshot({ ...snapshot, ...change })).not.toBe(hashSnapshot(snapshot));
});

test("promise 8: an error counts with its causes, without their stacks", () => {
  const broken = (stack: string, message = "deep down"): PersistedSnapshot => ({
    ...snapshot,
    status: "error",
    error: { name: "Error", message: "boom", stack, cause: { name: "TypeError", message, stack } },
  });
  expect(hashSnapshot(broken("at here"))).toBe(hashSnapshot(broken("at there")));
  expect(hashSnapshot(broken("at here", "elsewhere"))).not.toBe(hashSnapshot(broken("at here")));
});
