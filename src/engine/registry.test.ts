/** What is registered, and which of it a job gets. */

import { expect, test } from "vitest";
import { type AnyStateMachine, assign, setup } from "xstate";
import { Registry } from "./registry.ts";
import { activity } from "./testing/activity.ts";

const flow = (...states: string[]): AnyStateMachine =>
  setup({ actors: { work: activity() } }).createMachine({
    id: "flow",
    initial: states[0] ?? "a",
    states: Object.fromEntries(states.map((state) => [state, {}])),
  } as never) as unknown as AnyStateMachine;

const activities = { work: { run: async () => null } };
const versions = new Registry(
  [
    { name: "flow", version: 2, machine: flow("a", "b") },
    { name: "flow", version: 10, machine: flow("a", "b", "c") },
    { name: "flow", version: 1, machine: flow("a") },
  ],
  activities,
);

test("a new job begins with the highest version", () => {
  expect(versions.newest("flow")?.version).toBe(10);
  expect(versions.newest("other")).toBeUndefined();
});

test("promise 8: a job gets the very version that it began with", () => {
  const definitionHash = new Registry([{ name: "flow", version: 2, machine: flow("a", "b") }], activities).newest(
    "flow",
  )?.definitionHash as string;
  expect(versions.exact({ workflow: "flow", version: 2, definitionHash }).version).toBe(2);
});

test("promise 8: a version that is gone is a clear error", () => {
  expect(() => versions.exact({ workflow: "flow", version: 3, definitionHash: "x" })).toThrow(
    expect.objectContaining({
      code: "workflow-gone",
      message: "this orch does not have the workflow flow version 3",
      hint: expect.stringContaining("nothing of it is lost"),
    }),
  );
});

test("promise 8: a version whose machine has changed is a clear error", () => {
  expect(() => versions.exact({ workflow: "flow", version: 2, definitionHash: "x" })).toThrow(
    expect.objectContaining({ code: "workflow-changed" }),
  );
});

test("the definition's hash tells machines apart by their structure, not by the code of their actions", () => {
  const hashOf = (change: {
    readonly by?: number;
    readonly target?: string;
    readonly guard?: string;
    readonly delay?: number;
  }) => {
    const { by = 1, target = "b", guard = "yes", delay = 5 } = change;
    const machine = setup({
      types: { context: {} as { n: number } },
      guards: { yes: () => by > 0, no: () => false },
      actions: { add: assign({ n: ({ context }) => context.n + by }) },
    }).createMachine({
      context: { n: 0 },
      initial: "a",
      states: { a: { on: { go: { target, guard, actions: "add" } }, after: { [delay]: "b" } }, b: {}, c: {} },
    } as never) as unknown as AnyStateMachine;
    return new Registry([{ name: "flow", version: 1, machine }], {}).newest("flow")?.definitionHash;
  };
  expect(hashOf({})).toMatch(/^[0-9a-f]{16}$/);
  expect(hashOf({ by: 2 })).toBe(hashOf({}));
  expect(hashOf({ target: "c" })).not.toBe(hashOf({}));
  expect(hashOf({ guard: "no" })).not.toBe(hashOf({}));
  expect(hashOf({ delay: 6 })).not.toBe(hashOf({}));
});

test("promise 12: the same version twice, and a name for both a workflow and an activity, are refused", () => {
  const machine = flow("a");
  const twice = [
    { name: "flow", version: 1, machine },
    { name: "flow", version: 1, machine },
  ];
  expect(() => new Registry(twice, activities)).toThrow("the workflow flow version 1 is registered twice");
  expect(() => new Registry([{ name: "work", version: 1, machine }], activities)).toThrow(
    '"work" names both a workflow and an activity',
  );
});

test("activities are found by their names", () => {
  expect(versions.activity("work")).toBe(activities.work);
  expect(versions.activity("toString")).toBeUndefined();
});
