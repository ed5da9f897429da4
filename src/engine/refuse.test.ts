/** Promise 12: what the engine cannot run durably is refused when it is registered, each with its reason. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type AnyActorRef,
  type AnyStateMachine,
  and,
  assign,
  createMachine,
  enqueueActions,
  fromCallback,
  fromPromise,
  not,
  raise,
  sendTo,
  setup,
  spawnChild,
} from "xstate";
import { OrchError } from "../core/errors.ts";
import { refuseUndurable } from "./refuse.ts";
import { activity } from "./testing/activity.ts";
import type { Workflow } from "./workflow.ts";

function reasons(machine: AnyStateMachine, workflow: Partial<Workflow> = {}): readonly string[] {
  try {
    refuseUndurable({ name: "flow", version: 1, machine, ...workflow }, (src) => src === "work" || src === "child");
  } catch (error) {
    if (error instanceof OrchError && error.code === "workflow-refused") return error.details?.reasons as string[];
    throw error;
  }
  return [];
}

const child = setup({}).createMachine({});
const promise = fromPromise(async () => null);

test("promise 12: a machine of named parts is taken", () => {
  const machine = setup({
    types: { context: {} as { n: number } },
    actors: { work: activity(), child },
    guards: { small: ({ context }) => context.n < 3 },
    delays: { soon: 10 },
    actions: {
      add: assign({ n: ({ context }) => context.n + 1 }),
      start: spawnChild("work", { id: "w" }),
      more: enqueueActions(({ enqueue }) => enqueue.raise({ type: "go" })),
    },
  }).createMachine({
    context: { n: 0 },
    initial: "a",
    on: { tell: { actions: sendTo("w", { type: "hello" }) } },
    states: {
      a: {
        entry: ["start", assign({ n: 1 })],
        invoke: { src: "child", id: "c", onDone: "b" },
        after: { soon: { target: "b", guard: and([not("small"), ({ context }) => context.n > 0]) }, 100: "b" },
      },
      b: { exit: "add", always: { guard: "small", actions: "more" } },
    },
  });
  expect(reasons(machine)).toEqual([]);
});

test.each<[string, AnyStateMachine, string]>([
  [
    "a promise actor with logic of its own",
    setup({ actors: { work: promise } }).createMachine({ invoke: { src: "work" } }),
    'the actor "work" has logic of its own (a promise, callback or observable), which would be lost in a crash',
  ],
  [
    "a callback actor",
    setup({ actors: { work: fromCallback(() => {}) } }).createMachine({ invoke: { src: "work" } }),
    'the actor "work" has logic of its own (a promise, callback or observable), which would be lost in a crash',
  ],
  ["inline logic in an invoke", createMachine({ id: "m", invoke: { src: promise } }), 'state "m" invokes inline logic'],
  [
    "an inline machine in an invoke",
    createMachine({ id: "m", invoke: { src: child } }),
    'state "m" invokes inline logic',
  ],
  [
    "inline logic in spawnChild",
    createMachine({ id: "m", initial: "a", states: { a: { entry: spawnChild(promise, { id: "p" }) } } }),
    'state "m.a" starts inline logic',
  ],
  [
    "a child without an id",
    setup({ actors: { work: activity() }, actions: { start: spawnChild("work", {} as never) } }).createMachine({}),
    'the action "start" starts "work" without an id',
  ],
  [
    "an actor name that nothing is registered under",
    setup({ actors: { other: activity() } }).createMachine({}),
    'nothing is registered under the actor name "other"',
  ],
  [
    "an invoke that setup() does not declare",
    createMachine({ id: "m", invoke: { src: "work" } }),
    'state "m" invokes "work", which setup() does not declare',
  ],
  [
    "an invoke whose snapshots are waited for",
    setup({ actors: { child } }).createMachine({ id: "m", invoke: { src: "child", onSnapshot: {} } }),
    'state "m" waits for snapshots of "child": only its end is told',
  ],
  [
    "a systemId",
    setup({ actors: { child } }).createMachine({ id: "m", invoke: { src: "child", systemId: "s" } }),
    'state "m" gives "child" a systemId: actors are known by their ids only',
  ],
  [
    "a child with a systemId",
    setup({
      actors: { child },
      actions: { start: spawnChild("child", { id: "c", systemId: "s" }) },
    }).createMachine({ entry: "start" }),
    'the action "start" gives "child" a systemId: actors are known by their ids only',
  ],
  [
    "a named action with code of its own",
    setup({ actions: { print: () => {} } }).createMachine({ entry: "print" }),
    'the action "print" runs code of its own, which a crash could lose or repeat',
  ],
  ["an inline entry action", createMachine({ id: "m", entry: () => {} }), 'state "m" has an inline action'],
  ["an inline exit action", createMachine({ id: "m", exit: () => {} }), 'state "m" has an inline action'],
  [
    "an inline action of a transition",
    createMachine({ id: "m", on: { go: { actions: () => {} } } }),
    'state "m" has an inline action',
  ],
  [
    "an inline action of a timer",
    createMachine({ id: "m", after: { 10: { actions: () => {} } } }),
    'state "m" has an inline action',
  ],
  [
    "an inline action of an eventless transition",
    createMachine({ id: "m", always: { guard: () => false, actions: () => {} } }),
    'state "m" has an inline action',
  ],
  [
    "an inline action of an initial transition",
    createMachine({ id: "m", initial: { target: "a", actions: () => {} } as never, states: { a: {} } }),
    'state "m" has an inline action',
  ],
  [
    "an inline action of an invoke's end",
    setup({ actors: { work: activity() } }).createMachine({
      id: "m",
      invoke: { src: "work", onDone: { actions: () => {} } },
    }),
    'state "m" has an inline action',
  ],
  ["an unknown action", createMachine({ id: "m", entry: "what" }), 'state "m" names the unknown action "what"'],
  [
    "an unknown guard",
    createMachine({ id: "m", on: { go: { guard: "what", actions: raise({ type: "x" }) } } }),
    'state "m" names the unknown guard "what"',
  ],
  [
    "an unknown guard inside others",
    createMachine({ id: "m", always: { guard: and([not("what"), () => true]), actions: raise({ type: "x" }) } }),
    'state "m" names the unknown guard "what"',
  ],
  [
    "an unknown delay",
    createMachine({ id: "m", after: { what: { actions: raise({ type: "x" }) } } }),
    'state "m" names the unknown delay "what"',
  ],
  [
    "a delayed event to another actor",
    createMachine({ id: "m", entry: sendTo(({ self }) => self as AnyActorRef, { type: "x" }, { delay: 10 }) }),
    'state "m" sends with a delay',
  ],
  [
    "a guard that asks for the time",
    setup({ guards: { late: () => Date.now() > 5 } }).createMachine({ id: "m", always: { guard: "late" } }),
    'the guard "late" asks for the time',
  ],
  [
    "an inline guard inside of others that throws dice",
    createMachine({ id: "m", always: { guard: and([not(() => Math.random() > 0.5)]), actions: raise({ type: "x" }) } }),
    'state "m": an inline guard asks for a random value',
  ],
  [
    "an async guard",
    setup({ guards: { ok: (async () => true) as never } }).createMachine({ id: "m", on: { go: { guard: "ok" } } }),
    'the guard "ok" is async: a machine goes on at once',
  ],
  [
    "an assign() that looks at the process",
    setup({ actions: { note: assign({ at: () => process.env.HOME }) } }).createMachine({ entry: "note" }),
    'the action "note": an assign() looks at the process',
  ],
  [
    "an inline assign() that asks for the time",
    createMachine({ id: "m", entry: assign(() => ({ at: new Date() })) }),
    'state "m": an assign() asks for the time',
  ],
  [
    "a delay that asks for a random value",
    setup({ delays: { soon: () => Math.random() * 10 } }).createMachine({ after: { soon: {} } }),
    'the delay "soon" asks for a random value',
  ],
  [
    "an input that reaches outside",
    setup({ actors: { work: activity<unknown>() } }).createMachine({
      id: "m",
      invoke: { src: "work", input: () => readFileSync("x", "utf8") },
    }),
    'state "m": the input of "work" reaches outside',
  ],
])("promise 12: %s is refused", (_name, machine, reason) => {
  expect(reasons(machine)).toEqual([reason]);
});

test("promise 12: each reason comes with what to write instead", () => {
  const machine = setup({ actors: { work: promise }, guards: { late: () => Date.now() > 5 } }).createMachine({
    entry: () => {},
    invoke: { src: "work" },
  });
  const refusal = () => refuseUndurable({ name: "flow", version: 1, machine }, () => true);
  expect(refusal).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/declare it by activity\(\).*; let it look at the context.*; use assign\(\)/),
      details: expect.objectContaining({ instead: [expect.any(String), expect.any(String), expect.any(String)] }),
    }),
  );
});

test("promise 12: a state deep inside is looked at too", () => {
  const machine = createMachine({
    id: "m",
    type: "parallel",
    states: { a: { initial: "b", states: { b: { entry: () => {} } } } },
  });
  expect(reasons(machine)).toEqual(['state "m.a.b" has an inline action']);
});

test("promise 12: all reasons are given at once, in the message too", () => {
  const machine = createMachine({ id: "m", entry: "what", exit: () => {} });
  const workflow = { name: "flow", version: 1, machine };
  expect(reasons(machine)).toHaveLength(2);
  expect(() => refuseUndurable(workflow, () => true)).toThrow(
    'the workflow "flow" cannot run durably: state "m" names the unknown action "what"; state "m" has an inline action',
  );
});

test.each([
  ["Flow", 1],
  ["a flow", 1],
  ["", 1],
])("promise 12: the name %j is refused", (name, version) => {
  expect(reasons(child, { name, version })).toEqual(["its name must be lower-case letters, digits and hyphens"]);
});

test.each([0, -1, 1.5, Number.NaN])("promise 12: the version %d is refused", (version) => {
  expect(reasons(child, { version })).toEqual([`its version must be a whole number from 1, not ${version}`]);
});
