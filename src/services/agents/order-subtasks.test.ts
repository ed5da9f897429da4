/** Subtasks that would write the same files do not race. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { SubtaskSpec } from "../../core/coding.ts";
import { orderSubtasks } from "./order-subtasks.ts";
import { ancestors } from "./plan-graph.ts";

function subtask(id: string, files: string[], dependsOn: string[] = []): SubtaskSpec {
  return { id, title: id, instructions: id, dependsOn, files };
}

function ordered(...subtasks: SubtaskSpec[]): Record<string, readonly string[]> {
  const plan = orderSubtasks({ summary: "", subtasks });
  return Object.fromEntries(plan.subtasks.map(({ id, dependsOn }) => [id, dependsOn]));
}

test("subtasks without a common file stay parallel", () => {
  expect(ordered(subtask("a", ["x"]), subtask("b", ["y"]), subtask("c", []))).toEqual({ a: [], b: [], c: [] });
});

test("of two that write one file, the later waits for the earlier", () => {
  expect(ordered(subtask("a", ["x", "z"]), subtask("b", ["y"]), subtask("c", ["z"]))).toEqual({
    a: [],
    b: [],
    c: ["a"],
  });
});

test("several that write one file form a chain without needless edges", () => {
  expect(ordered(subtask("a", ["x"]), subtask("b", ["x"]), subtask("c", ["x"]))).toEqual({ a: [], b: ["a"], c: ["b"] });
});

test("what is ordered already, directly or through others, stays as it is", () => {
  const given = [subtask("a", ["x"], ["b"]), subtask("b", [], ["c"]), subtask("c", ["x"])];
  expect(ordered(...given)).toEqual({ c: [], b: ["c"], a: ["b"] });
});

test("a directory stands for the files in it, a similar name does not", () => {
  expect(ordered(subtask("a", ["src"]), subtask("b", ["src/deep/x.ts"]), subtask("c", ["src2"]))).toEqual({
    a: [],
    b: ["a"],
    c: [],
  });
});

test("each subtask stands behind those it depends on, otherwise the order is the planner's", () => {
  const plan = orderSubtasks({
    summary: "",
    subtasks: [subtask("a", []), subtask("late", [], ["end"]), subtask("b", []), subtask("end", [], ["b"])],
  });
  expect(plan.subtasks.map(({ id }) => id)).toEqual(["a", "b", "end", "late"]);
});

test("whatever the plan, no two that share a file race, no circle comes up, and nothing given is lost", () => {
  const files = fc.subarray(["a", "b", "c", "d", "d/e"], { maxLength: 3 });
  const plans = fc.integer({ min: 1, max: 12 }).chain((size) =>
    // Dependencies on subtasks of a lower rank, so that there is no circle; the ranks are shuffled over the plan.
    fc.record({
      ranks: fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
      files: fc.array(files, { minLength: size, maxLength: size }),
      edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 15 }),
    }),
  );
  fc.assert(
    fc.property(plans, ({ ranks, files, edges }) => {
      const given = ranks.map((rank, index) => {
        const lower = edges.filter(([from, to]) => from === rank && to < rank).map(([, to]) => `s${to}`);
        return subtask(`s${rank}`, files[index] ?? [], [...new Set(lower)]);
      });
      const { subtasks } = orderSubtasks({ summary: "", subtasks: given });
      const byId = new Map(subtasks.map((each) => [each.id, each]));
      expect(byId.size).toBe(given.length);
      for (const [index, { id, dependsOn }] of subtasks.entries()) {
        const before = new Set(subtasks.slice(0, index).map((each) => each.id));
        expect(dependsOn.every((dependency) => before.has(dependency))).toBe(true);
        for (const dependency of given.find((each) => each.id === id)?.dependsOn ?? []) {
          expect(dependsOn).toContain(dependency);
        }
      }
      for (const a of subtasks) {
        for (const b of subtasks) {
          if (a === b || !a.files.some((file) => b.files.includes(file))) continue;
          expect(ancestors(a.id, byId).has(b.id) || ancestors(b.id, byId).has(a.id)).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});
