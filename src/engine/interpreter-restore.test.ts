/** From JSON alone a machine goes on as if it had never stopped. */

import { expect, test } from "vitest";
import { type AnyStateMachine, assign, setup } from "xstate";
import { activity } from "./testing/activity.ts";
import { Stepper } from "./testing/stepper.ts";

const withLog = setup({
  types: { context: {} as { log: string[] } },
  actors: { work: activity() },
  actions: { note: assign({ log: ({ context }, { text }: { text: string }) => [...context.log, text] }) },
});
const note = (text: string) => ({ type: "note", params: { text } }) as const;

const nested = withLog.createMachine({
  id: "nested",
  context: { log: [] },
  initial: "a",
  states: {
    a: {
      initial: "a1",
      exit: note("exit a"),
      states: {
        a1: { on: { step: "a2" } },
        a2: { initial: "deep", states: { deep: { on: { step: "deeper" } }, deeper: { exit: note("exit deeper") } } },
      },
      on: { leave: "b" },
    },
    b: { entry: note("enter b"), on: { back: "a" } },
  },
});

const parallel = withLog.createMachine({
  id: "parallel",
  context: { log: [] },
  type: "parallel",
  states: {
    left: {
      initial: "off",
      states: { off: { on: { flip: "on" } }, on: { entry: note("left on"), on: { flip: "off" } } },
    },
    right: {
      initial: "off",
      states: { off: { on: { flip: "on", end: "end" } }, on: { on: { flip: "off" } }, end: { type: "final" } },
      onDone: { actions: note("right ended") },
    },
  },
});

const history = withLog.createMachine({
  id: "history",
  context: { log: [] },
  initial: "work",
  states: {
    work: {
      initial: "one",
      states: {
        one: { on: { step: "two" } },
        two: { initial: "x", states: { x: { on: { step: "y" } }, y: {} } },
        shallow: { type: "history" },
        deep: { type: "history", history: "deep" },
      },
      on: { pause: "paused" },
    },
    paused: { on: { shallow: "work.shallow", deep: "work.deep" } },
  },
});

const invoking = withLog.createMachine({
  id: "invoking",
  context: { log: [] },
  initial: "a",
  states: {
    a: {
      invoke: { src: "work", id: "w", onDone: { target: "b", actions: note("done") } },
      after: { 10: "b" },
      on: { out: "b" },
    },
    b: { entry: note("b"), on: { back: "a" } },
  },
});

test.each<[string, AnyStateMachine, string[]]>([
  ["nested states", nested, ["step", "step", "leave", "back", "unknown", "step", "leave"]],
  ["parallel states", parallel, ["flip", "flip", "end", "flip"]],
  ["shallow history", history, ["step", "step", "pause", "shallow", "step"]],
  ["deep history", history, ["step", "step", "pause", "deep", "pause", "shallow"]],
  ["invokes and timers", invoking, ["out", "back", "xstate.after.10.invoking.a", "back", "xstate.done.actor.w"]],
])("a restart after each event changes nothing: %s", (_name, machine, events) => {
  const steady = new Stepper(machine);
  const restarted = new Stepper(machine).restart();
  for (const event of events) {
    steady.send(event);
    restarted.restart().send(event);
    expect(restarted.persisted()).toEqual(steady.persisted());
    expect(restarted.effects).toEqual(steady.effects);
    expect(restarted.snapshot.status).toBe("active");
  }
});

test("deep history comes back deep, shallow history at the first level", () => {
  const at = (event: string) => new Stepper(history).send("step", "step", "pause").restart().send(event).snapshot.value;
  expect(at("deep")).toEqual({ work: { two: "y" } });
  expect(at("shallow")).toEqual({ work: { two: "x" } });
});

test("which of two parallel regions wins does not change by a restart", () => {
  // XState asks the state first that was entered first. After "swap" that is not the one that stands first.
  const isEnding = ({ context }: { context: { log: string[] } }) => context.log.includes("end");
  const machine = withLog.createMachine({
    id: "race",
    context: { log: [] },
    initial: "racing",
    states: {
      racing: {
        type: "parallel",
        states: {
          left: {
            initial: "l1",
            states: { l1: { on: { swap: "l2" } }, l2: { always: { guard: isEnding, target: "#left" } } },
          },
          right: { initial: "r1", states: { r1: { always: { guard: isEnding, target: "#right" } } } },
        },
        on: { end: { actions: note("end") } },
      },
      left: { id: "left" },
      right: { id: "right" },
    },
  });
  const steady = new Stepper(machine).send("swap", "end");
  const restarted = new Stepper(machine).restart().send("swap").restart().send("end");
  expect(restarted.persisted()).toEqual(steady.persisted());
});

test("a history of no states is there after a restart", () => {
  const machine = setup({}).createMachine({
    id: "m",
    type: "parallel",
    states: { p: { initial: "a", states: { a: {}, past: { type: "history" } } } },
  });
  const stepper = new Stepper(machine);
  stepper.snapshot = { ...stepper.snapshot, historyValue: { "m.p.past": [] } } as typeof stepper.snapshot;
  expect(stepper.restart().persisted().historyValue).toEqual({ "m.p.past": [] });
});

test("a restart does not ask a second time for what was asked", () => {
  const stepper = new Stepper(invoking).restart();
  expect(stepper.send("unknown").effects).toEqual([]);
});

test("a persisted snapshot holds of its children only their ids and the names of their logic", () => {
  expect(new Stepper(invoking).persisted()).toEqual({
    status: "active",
    value: "a",
    context: { log: [] },
    historyValue: {},
    children: { w: "work" },
  });
});

test("tags are there after a restart", () => {
  const machine = setup({ types: { tags: {} as "waiting" } }).createMachine({
    initial: "a",
    states: { a: { tags: "waiting" } },
  });
  expect(new Stepper(machine).restart().snapshot.hasTag("waiting")).toBe(true);
});
