/** Which subtask may start, which waits in vain, and what is merged. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { SubtaskStatus } from "../src/core/coding.ts";
import {
  type Board,
  block,
  failures,
  isSettled,
  mergeOrder,
  newBoard,
  ready,
  startOf,
  unblock,
  update,
  worktreeName,
} from "./subtask-board.ts";
import { outlines, trouble } from "./testing/samples.ts";

/** `["a done", "b pending: a"]`: id, status and what it depends on. What is done has a commit. */
function board(...lines: readonly string[]): Board {
  return lines.map((line) => {
    const [head = "", dependsOn = ""] = line.split(":");
    const [id = "", status = ""] = head.split(" ");
    const [entry] = newBoard(outlines({ [id]: dependsOn.split(" ").filter(Boolean) }));
    if (!entry) throw new Error(`no entry in "${line}"`);
    return { ...entry, status: status as SubtaskStatus, commit: status === "done" ? `commit-${id}` : null };
  });
}

const ids = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id);
const statuses = (of: Board) => of.map(({ id, status }) => `${id} ${status}`);
const entry = (of: Board, id: string) => of.find((one) => one.id === id) as Board[number];
const comingIn = (incoming: ReturnType<typeof mergeOrder>) => incoming.map(({ subtaskId }) => subtaskId);

test("a new board waits, untried, in the plan's order", () => {
  expect(newBoard(outlines({ a: [], b: ["a"] }))).toEqual([
    { id: "a", title: "Part a", dependsOn: [], status: "pending", tries: 0, commit: null, stat: null, error: null },
    { id: "b", title: "Part b", dependsOn: ["a"], status: "pending", tries: 0, commit: null, stat: null, error: null },
  ]);
});

test("an update changes one entry and leaves the board that it was given", () => {
  const before = board("a pending", "b pending");
  expect(statuses(update(before, "b", { status: "running" }))).toEqual(["a pending", "b running"]);
  expect(statuses(before)).toEqual(["a pending", "b pending"]);
  expect(update(before, "unknown", { status: "done" })).toEqual(before);
});

test.each<[string, string[], number, string[]]>([
  ["what depends on nothing is ready", ["a pending", "b pending"], 4, ["a", "b"]],
  ["what comes first in the plan starts first", ["a pending", "b pending", "c pending"], 2, ["a", "b"]],
  ["what runs takes a place", ["a running", "b pending", "c pending"], 2, ["b"]],
  ["no place is free", ["a running", "b running", "c pending"], 2, []],
  ["more run than may", ["a running", "b running", "c running", "d pending", "e pending"], 2, []],
  ["a dependency that runs is waited for", ["a running", "b pending: a"], 4, []],
  ["all dependencies are waited for", ["a done", "b running", "c pending: a b"], 4, []],
  ["what all dependencies of are done is ready", ["a done", "b done", "c pending: a b"], 4, ["c"]],
  ["what was skipped is not waited for", ["a skipped", "b pending: a"], 4, ["b"]],
  ["what failed is waited for", ["a failed", "b pending: a"], 4, []],
  ["what is blocked is waited for", ["a blocked", "b pending: a"], 4, []],
  [
    "a later one does not wait for an earlier one that cannot start",
    ["a running", "b pending: a", "c pending"],
    2,
    ["c"],
  ],
  ["nobody can start what depends on nothing in the plan", ["a pending: ghost"], 4, []],
  ["only what is pending starts", ["a done", "b failed", "c skipped", "d blocked"], 4, []],
])("ready: %s", (_what, lines, concurrency, expected) => {
  expect(ids(ready(board(...lines), concurrency))).toEqual(expected);
});

test.each<[string, string[], string[]]>([
  ["what depends on a failed one", ["a failed", "b pending: a"], ["a failed", "b blocked"]],
  ["and what depends on that", ["a failed", "b pending: a", "c pending: b"], ["a failed", "b blocked", "c blocked"]],
  ["even if only one of several failed", ["a done", "b failed", "c pending: a b"], ["a done", "b failed", "c blocked"]],
  ["nothing else", ["a failed", "b pending", "c running"], ["a failed", "b pending", "c running"]],
  ["nothing that is over", ["a failed", "b done: a", "c skipped: a"], ["a failed", "b done", "c skipped"]],
  ["nothing behind what was skipped", ["a skipped", "b pending: a"], ["a skipped", "b pending"]],
])("block: %s", (_what, lines, expected) => {
  expect(statuses(block(board(...lines)))).toEqual(expected);
});

test.each<[string, string[], string[]]>([
  ["what waited for one that is begun anew", ["a pending", "b blocked: a"], ["a pending", "b pending"]],
  ["what waited for a skipped one", ["a skipped", "b blocked: a"], ["a skipped", "b pending"]],
  [
    "what is further behind, too",
    ["a pending", "b blocked: a", "c blocked: b"],
    ["a pending", "b pending", "c pending"],
  ],
  [
    "not what also waits for another failed one",
    ["a pending", "b failed", "c blocked: a b", "d blocked: a"],
    ["a pending", "b failed", "c blocked", "d pending"],
  ],
])("unblock: %s", (_what, lines, expected) => {
  expect(statuses(unblock(board(...lines)))).toEqual(expected);
});

test.each<[boolean, string[]]>([
  [true, []],
  [true, ["a done", "b failed", "c blocked", "d skipped"]],
  [false, ["a done", "b pending"]],
  [false, ["a done", "b running"]],
])("isSettled is %s for %j", (expected, lines) => {
  expect(isSettled(board(...lines))).toBe(expected);
});

test("a subtask starts from its dependencies' commits, in the plan's order", () => {
  const of = board("a done", "b done", "c done", "d pending: c a");
  expect(startOf(of, entry(of, "d"))).toEqual([
    { subtaskId: "a", commit: "commit-a" },
    { subtaskId: "c", commit: "commit-c" },
  ]);
  expect(startOf(of, entry(of, "a"))).toEqual([]);
});

test("what was skipped passes on what it would have started from", () => {
  const of = board("a done", "b done", "c skipped: a", "d skipped: b c", "e pending: d");
  expect(comingIn(startOf(of, entry(of, "e")))).toEqual(["a", "b"]);
  const nothing = board("a skipped", "b pending: a");
  expect(startOf(nothing, entry(nothing, "b"))).toEqual([]);
});

test.each<[string, string[], string[]]>([
  ["side by side: all of them, in the plan's order", ["a done", "b done"], ["a", "b"]],
  ["one behind the other: the last brings the others along", ["a done", "b done: a", "c done: b"], ["c"]],
  ["a diamond: its end", ["a done", "b done: a", "c done: a", "d done: b c"], ["d"]],
  ["what only a skipped one depended on", ["a done", "b skipped: a"], ["a"]],
  ["what a skipped one passed on is in what came behind it", ["a done", "b skipped: a", "c done: b"], ["c"]],
  ["nothing of what was skipped", ["a skipped", "b skipped"], []],
])("mergeOrder: %s", (_what, lines, expected) => {
  expect(comingIn(mergeOrder(board(...lines)))).toEqual(expected);
});

test("the worktree of a second try has a name that no subtask can have", () => {
  const [a] = board("a pending");
  const named = (tries: number) => worktreeName({ ...(a as Board[number]), tries });
  expect([0, 1, 2, 3].map(named)).toEqual(["a", "a", "a--2", "a--3"]);
});

test("failures are told one by one, in the plan's order", () => {
  const failed = update(board("a failed", "b blocked: a", "c failed"), "a", { error: trouble });
  const both = update(failed, "c", { error: { ...trouble, message: "nothing was changed" } });
  expect(failures(both)).toEqual(["a: something did not work", "c: nothing was changed"]);
});

/** A plan of up to twelve subtasks, each behind those that it depends on; and what becomes of each, in what order. */
const story = fc.record({
  graph: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 }),
  fates: fc.array(fc.constantFrom("done", "done", "failed"), { minLength: 12, maxLength: 12 }),
  order: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
});

test("whatever fails, in whatever order: it comes to an end, and each commit is merged once", () => {
  fc.assert(
    fc.property(story, ({ graph, fates, order, concurrency }) => {
      const plan = graph.map((dependsOn, index) => [
        `s${index}`,
        index === 0 ? [] : [...new Set(dependsOn.map((n) => `s${n % index}`))],
      ]);
      let now = newBoard(outlines(Object.fromEntries(plan)));
      /** What each commit brings along. */
      const holds = new Map<string, Set<string>>();
      const startAll = () => {
        for (const { id } of ready(now, concurrency)) now = update(now, id, { status: "running" });
      };
      let turn = 0;
      const finish = (fate: (index: number) => string) => {
        startAll();
        for (;;) {
          const running = now.filter(({ status }) => status === "running");
          expect(running.length).toBeLessThanOrEqual(concurrency);
          const one = running[(order[turn++ % order.length] as number) % running.length];
          if (!one) break;
          const start = startOf(now, one).map(({ subtaskId }) => subtaskId);
          holds.set(one.id, new Set([one.id, ...start.flatMap((id) => [...(holds.get(id) ?? [])])]));
          const status = fate(Number(one.id.slice(1))) as SubtaskStatus;
          now = block(update(now, one.id, { status, commit: status === "done" ? one.id : null }));
          startAll();
        }
        expect(isSettled(now)).toBe(true);
      };

      finish((index) => fates[index] ?? "done");
      // A person goes on without what failed.
      while (failures(now).length > 0) {
        now = unblock(now.map((one) => (one.status === "failed" ? { ...one, status: "skipped" as const } : one)));
        finish((index) => fates[index] ?? "done");
      }

      const done = ids(now.filter(({ status }) => status === "done"));
      const merged = comingIn(mergeOrder(now));
      expect([...new Set(merged.flatMap((id) => [...(holds.get(id) ?? [])]))].sort()).toEqual([...done].sort());
      for (const id of merged) {
        expect(merged.filter((other) => other !== id && holds.get(other)?.has(id))).toEqual([]);
      }
    }),
  );
});
