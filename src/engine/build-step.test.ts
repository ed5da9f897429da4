/** From a transition to what is written. */

import { expect, test } from "vitest";
import { type AnyStateMachine, assign, emit, raise, sendParent, sendTo, setup } from "xstate";
import { type BuiltStep, buildStep, type StepParams } from "./build-step.ts";
import { Registry } from "./registry.ts";
import { activity } from "./testing/activity.ts";
import { Stepper } from "./testing/stepper.ts";

const child = setup({}).createMachine({ id: "child" });
const registry = new Registry([{ name: "child", version: 4, machine: child }], { work: { run: async () => null } });

/** The step of the machine's transition at `event`, or of its first. */
function stepOf(machine: AnyStateMachine, event?: string, over: Partial<StepParams> = {}): BuiltStep {
  const stepper = new Stepper(machine);
  if (event) stepper.send(event);
  const { snapshot, effects, interpreter } = stepper;
  return buildStep({
    jobId: "j",
    seq: 7,
    now: 1000,
    actorId: "job",
    event: { type: event ?? "xstate.init" },
    transition: { snapshot, effects },
    interpreter,
    registry,
    ...over,
  });
}

const everything = setup({
  actors: { work: activity<{ n: number }>(), child },
  actions: {
    raise: raise({ type: "nameless" }, { delay: 5 }),
    toChild: sendTo("c", { type: "to-child" }),
    toParent: sendParent({ type: "to-parent" }),
    emit: emit({ type: "told" }),
  },
}).createMachine({
  id: "m",
  initial: "a",
  states: {
    a: {
      entry: "emit",
      invoke: [
        { src: "work", id: "w", input: { n: 1 } },
        { src: "child", id: "c/d", input: 3 as never },
      ],
      after: { 10: "b" },
      on: { go: "b" },
    },
    b: { invoke: { src: "child", id: "c" }, entry: ["raise"], on: { tell: { actions: ["toChild", "toParent"] } } },
  },
});

test("promise 10: each effect has the id of its place, and every write carries what it needs", () => {
  const { writes, effects } = stepOf(everything);
  expect(effects).toHaveLength(4);
  const definitionHash = registry.newest("child")?.definitionHash;
  expect(writes).toEqual([
    { type: "timer", sendId: "xstate.after.10.m.a", event: { type: "xstate.after.10.m.a" }, fireAt: 1010 },
    { type: "activity", effectId: "j:7:2", invokeId: "w", name: "work", input: { n: 1 } },
    { type: "actor", actorId: "job/c%2Fd", workflow: "child", version: 4, definitionHash },
    {
      type: "signal",
      id: "j:7:3",
      actorId: "job/c%2Fd",
      event: { type: "xstate.init", workflow: "child", version: 4, input: 3 },
    },
  ]);
});

test("leaving a state undoes what it started, before the next starts", () => {
  expect(stepOf(everything, "go").writes).toMatchObject([
    { type: "cancel-timer", sendId: "xstate.after.10.m.a" },
    { type: "stop", invokeId: "w", childId: "job/w" },
    { type: "stop", invokeId: "c/d", childId: "job/c%2Fd" },
    { type: "timer", sendId: "j:7:3", event: { type: "nameless" }, fireAt: 1005 },
    { type: "actor", actorId: "job/c" },
    {
      type: "signal",
      id: "j:7:4",
      actorId: "job/c",
      event: { type: "xstate.init", workflow: "child", version: 4, input: null },
    },
  ]);
});

test("events to a child and to a parent are signals of theirs; the root has no parent", () => {
  const stepper = new Stepper(everything).send("go", "tell");
  const transition = { snapshot: stepper.snapshot, effects: stepper.effects };
  const tell = (actorId: string) => stepOf(everything, "go", { actorId, transition }).writes;
  const toChild = { type: "signal", id: "j:7:0", event: { type: "to-child" } };
  expect(tell("job")).toEqual([{ ...toChild, actorId: "job/c" }]);
  expect(tell("job/x/y")).toEqual([
    { ...toChild, actorId: "job/x/y/c" },
    { type: "signal", id: "j:7:1", actorId: "job/x", event: { type: "to-parent" } },
  ]);
});

const ending = setup({ types: { context: {} as { error: unknown } } }).createMachine({
  context: { error: { name: "Error", message: "why" } },
  initial: "a",
  states: {
    a: { on: { done: "done", failed: "failed", cancelled: "cancelled", wait: "wait", stuck: "stuck" } },
    done: { type: "final" },
    failed: { type: "final", tags: "failed" },
    cancelled: { type: "final", tags: "cancelled" },
    wait: { tags: "waiting" },
    stuck: { tags: "failed" },
  },
  output: { sum: 3 },
});
const why = { name: "Error", message: "why" };

test.each([
  ["a", { status: "running", closed: false, output: null, error: null }],
  ["done", { status: "done", closed: true, output: { sum: 3 }, error: null }],
  ["failed", { status: "failed", closed: true, output: { sum: 3 }, error: why }],
  ["cancelled", { status: "cancelled", closed: true, output: { sum: 3 }, error: null }],
  ["wait", { status: "waiting", closed: false, output: null, error: null }],
  ["stuck", { status: "failed", closed: false, output: null, error: why }],
])("what is said of a job whose root took %j is in the machine's tags", (event, job) => {
  expect(stepOf(ending, event).job).toEqual(job);
});

test("a job whose root threw has failed, with the error", () => {
  const throwing = setup({}).createMachine({
    on: {
      go: {
        actions: assign(() => {
          throw new Error("boom");
        }),
      },
    },
  });
  const { job, actorStatus, writes } = stepOf(throwing, "go");
  expect(actorStatus).toBe("error");
  expect(job).toMatchObject({ status: "failed", closed: true, error: { name: "Error", message: "boom" } });
  expect(writes).toEqual([{ type: "stop-all" }]);
});

test("a child that ends says so to its parent in the same step, and nothing of the job", () => {
  const { writes, job } = stepOf(ending, "done", { actorId: "job/x%20y" });
  expect(job).toBeNull();
  expect(writes).toEqual([
    { type: "stop-all" },
    {
      type: "signal",
      id: "j:7:end",
      actorId: "job",
      event: { type: "xstate.done.actor.x y", output: { sum: 3 }, actorId: "x y" },
    },
  ]);
});

test("a child that throws tells its parent the error", () => {
  const throwing = setup({}).createMachine({
    context: () => {
      throw new Error("boom");
    },
  });
  expect(stepOf(throwing, undefined, { actorId: "job/c" }).writes).toMatchObject([
    { type: "stop-all" },
    { type: "signal", event: { type: "xstate.error.actor.c", error: { message: "boom" }, actorId: "c" } },
  ]);
});

test("the hash of a snapshot is that of its text", () => {
  const a = stepOf(ending);
  expect(a.snapshotHash).toMatch(/^[\w-]{22}$/);
  expect(stepOf(ending).snapshotHash).toBe(a.snapshotHash);
  expect(stepOf(ending, "wait").snapshotHash).not.toBe(a.snapshotHash);
  expect(JSON.parse(a.snapshot)).toMatchObject({ value: "a", status: "active" });
});

const odd = (delay: number, event: object = { type: "x" }) =>
  setup({ actions: { raise: raise(event as { type: string }, { delay }) } }).createMachine({ entry: "raise" });

test("a timer's time is a whole number", () => {
  expect(stepOf(odd(3.2)).writes).toMatchObject([{ type: "timer", fireAt: 1004 }]);
});

test.each([
  ["a delay that is no number", odd(Number.NaN), "a delay is NaN"],
  ["a delay without end", odd(Number.POSITIVE_INFINITY), "a delay is Infinity"],
  ["a timer's event that JSON cannot hold", odd(5, { type: "x", at: new Date(0) }), "event.at is a Date"],
  [
    "an input that JSON cannot hold",
    setup({ actors: { work: activity<unknown>() } }).createMachine({
      invoke: { src: "work", id: "w", input: new Map() },
    }),
    "input of w is a Map",
  ],
  [
    "an actor that nothing is registered for",
    setup({ actors: { what: activity() } }).createMachine({ invoke: { src: "what" } }),
    'nothing is registered under the name "what"',
  ],
])("%s is an error, and nothing is written", (_name, machine, message) => {
  expect(() => stepOf(machine)).toThrow(message);
});
