/** What transitions want done, as data. */

import { expect, test } from "vitest";
import {
  type AnyActorRef,
  assign,
  cancel,
  emit,
  enqueueActions,
  log,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from "xstate";
import { activity } from "./testing/activity.ts";
import { Stepper } from "./testing/stepper.ts";

const withActors = setup({ actors: { work: activity<{ n: number }, string>(), other: activity() } });

test("an invoke is an effect with its id, source and input", () => {
  const machine = withActors.createMachine({
    id: "m",
    initial: "busy",
    states: { busy: { invoke: { src: "work", id: "w", input: { n: 1 } } } },
  });
  expect(new Stepper(machine).effects).toEqual([{ type: "invoke", id: "w", src: "work", input: { n: 1 } }]);
});

test("an invoke's input is made from the context of the moment", () => {
  const machine = setup({
    actors: { work: activity<{ n: number }>() },
    types: { context: {} as { n: number }, input: {} as number },
    actions: { add: assign({ n: ({ context }) => context.n + 1 }) },
  }).createMachine({
    context: ({ input }) => ({ n: input }),
    initial: "busy",
    states: { busy: { entry: "add", invoke: { src: "work", id: "w", input: ({ context }) => ({ n: context.n }) } } },
  });
  expect(new Stepper(machine, 41).effects).toEqual([{ type: "invoke", id: "w", src: "work", input: { n: 42 } }]);
});

test("an invoke without input gets null, and one without an id the id of its place in the machine", () => {
  const machine = withActors.createMachine({
    id: "m",
    initial: "busy",
    states: { busy: { invoke: [{ src: "other" }, { src: "other" }] } },
  });
  const expected = [
    { type: "invoke", id: "0.m.busy", src: "other", input: null },
    { type: "invoke", id: "1.m.busy", src: "other", input: null },
  ];
  expect(new Stepper(machine).effects).toEqual(expected);
  expect(new Stepper(machine).effects).toEqual(expected);
});

test("leaving a state stops what it invoked, before the next state starts its own", () => {
  const machine = withActors.createMachine({
    initial: "a",
    states: {
      a: { invoke: { src: "other", id: "x" }, on: { next: "b", again: { target: "a", reenter: true } } },
      b: { invoke: { src: "other", id: "y" } },
    },
  });
  expect(new Stepper(machine).send("next").effects).toEqual([
    { type: "stop", id: "x" },
    { type: "invoke", id: "y", src: "other", input: null },
  ]);
  expect(new Stepper(machine).send("again").effects).toEqual([
    { type: "stop", id: "x" },
    { type: "invoke", id: "x", src: "other", input: null },
  ]);
});

test("a result reaches onDone with its output, a failure onError with its error", () => {
  const machine = setup({
    actors: { work: activity<undefined, string>() },
    types: { context: {} as { got: unknown } },
    actions: {
      output: assign({ got: ({ event }) => (event as unknown as { output: unknown }).output }),
      error: assign({ got: ({ event }) => (event as unknown as { error: unknown }).error }),
    },
  }).createMachine({
    context: { got: null },
    initial: "busy",
    states: {
      busy: {
        invoke: {
          src: "work",
          id: "w",
          onDone: { target: "ok", actions: "output" },
          onError: { target: "bad", actions: "error" },
        },
      },
      ok: {},
      bad: {},
    },
  });
  const ok = new Stepper(machine).done("w", "text").snapshot;
  expect([ok.value, ok.context]).toEqual(["ok", { got: "text" }]);
  const error = { name: "Error", message: "no" };
  const bad = new Stepper(machine).failed("w", error).snapshot;
  expect([bad.value, bad.context]).toEqual(["bad", { got: error }]);
});

test("after is a timer, and leaving the state cancels it", () => {
  const machine = setup({ delays: { soon: ({ context }) => (context as { wait: number }).wait } }).createMachine({
    id: "m",
    context: { wait: 7 },
    initial: "a",
    states: { a: { after: { 1000: "b", soon: "c" }, on: { leave: "c" } }, b: {}, c: {} },
  });
  const timers = [
    { type: "timer", sendId: "xstate.after.1000.m.a", event: { type: "xstate.after.1000.m.a" }, delayMs: 1000 },
    { type: "timer", sendId: "xstate.after.soon.m.a", event: { type: "xstate.after.soon.m.a" }, delayMs: 7 },
  ];
  const stepper = new Stepper(machine);
  expect(stepper.effects).toEqual(timers);
  expect(stepper.send("xstate.after.1000.m.a").snapshot.value).toBe("b");
  expect(new Stepper(machine).send("leave").effects).toEqual([
    { type: "cancel-timer", sendId: "xstate.after.1000.m.a" },
    { type: "cancel-timer", sendId: "xstate.after.soon.m.a" },
  ]);
});

test("a raise without a delay is part of its transition; with one it is a timer", () => {
  const machine = setup({
    actions: {
      now: raise({ type: "go" }),
      later: raise({ type: "go" }, { delay: 50 }),
      named: raise({ type: "go" }, { delay: ({ context }) => (context as { ms: number }).ms, id: "mine" }),
      undo: cancel("mine"),
    },
  }).createMachine({
    context: { ms: 60 },
    initial: "a",
    states: {
      a: {
        on: { now: { actions: "now" }, later: { actions: ["later", "named"] }, undo: { actions: "undo" }, go: "b" },
      },
      b: {},
    },
  });
  const now = new Stepper(machine).send("now");
  expect([now.snapshot.value, now.effects]).toEqual(["b", []]);
  expect(new Stepper(machine).send("later").effects).toEqual([
    { type: "timer", sendId: null, event: { type: "go" }, delayMs: 50 },
    { type: "timer", sendId: "mine", event: { type: "go" }, delayMs: 60 },
  ]);
  expect(new Stepper(machine).send("undo").effects).toEqual([{ type: "cancel-timer", sendId: "mine" }]);
});

test("events go to a child, to the actor itself and to its parent", () => {
  const machine = setup({
    actors: { other: activity() },
    actions: {
      child: sendTo("c", { type: "to-child" }),
      self: sendTo(({ self }) => self as AnyActorRef, { type: "to-self" }),
      parent: sendParent({ type: "to-parent", n: 1 }),
    },
  }).createMachine({ invoke: { src: "other", id: "c" }, on: { go: { actions: ["child", "self", "parent"] } } });
  expect(new Stepper(machine).send("go").effects).toEqual([
    { type: "send", to: { type: "child", id: "c" }, event: { type: "to-child" } },
    { type: "send", to: { type: "self" }, event: { type: "to-self" } },
    { type: "send", to: { type: "parent" }, event: { type: "to-parent", n: 1 } },
  ]);
});

test("a child and its parent are still told apart after a restart", () => {
  const machine = setup({
    actors: { other: activity() },
    actions: {
      child: sendTo("c", { type: "x" }),
      parent: sendParent({ type: "z" }),
    },
  }).createMachine({ invoke: { src: "other", id: "c" }, on: { go: { actions: ["child", "parent"] } } });
  expect(new Stepper(machine).restart().send("go").effects).toEqual([
    { type: "send", to: { type: "child", id: "c" }, event: { type: "x" } },
    { type: "send", to: { type: "parent" }, event: { type: "z" } },
  ]);
});

test("children are started and stopped by actions, each under its own id", () => {
  const machine = setup({
    actors: { work: activity<{ n: number }>() },
    types: { context: {} as { todo: string[] }, events: {} as { type: "go" } | { type: "end"; id: string } },
    actions: {
      start: enqueueActions(({ context, enqueue }) => {
        for (const [n, id] of context.todo.entries()) enqueue.spawnChild("work", { id, input: { n } });
        enqueue.sendTo("a", { type: "hello" });
        enqueue.assign({ todo: [] });
      }),
      end: stopChild(({ event }) => (event as { id: string }).id),
    },
  }).createMachine({
    context: { todo: ["a", "b"] },
    on: { go: { actions: "start" }, end: { actions: "end" } },
  });
  const stepper = new Stepper(machine).send("go");
  expect(stepper.effects).toEqual([
    { type: "invoke", id: "a", src: "work", input: { n: 0 } },
    { type: "invoke", id: "b", src: "work", input: { n: 1 } },
    { type: "send", to: { type: "child", id: "a" }, event: { type: "hello" } },
  ]);
  expect(stepper.send({ type: "end", id: "a" }).effects).toEqual([{ type: "stop", id: "a" }]);
  expect(stepper.persisted().children).toEqual({ b: "work" });
});

test("stopping a child that is not there does nothing", () => {
  const machine = setup({ actors: { other: activity() }, actions: { end: stopChild("c") } }).createMachine({
    initial: "a",
    states: { a: { invoke: { src: "other", id: "c" }, on: { end: { actions: "end" }, leave: "b" } }, b: {} },
  });
  const stepper = new Stepper(machine).send("end", "end");
  expect([stepper.snapshot.status, stepper.effects]).toEqual(["active", []]);
  expect(stepper.send("leave").snapshot.value).toBe("b");
});

test("a child's id can come from the context", () => {
  const machine = setup({
    actors: { other: activity() },
    actions: { start: spawnChild("other", { id: ({ context }) => `child-${(context as { n: number }).n}` }) },
  }).createMachine({ context: { n: 3 }, entry: "start" });
  expect(new Stepper(machine).effects).toEqual([{ type: "invoke", id: "child-3", src: "other", input: null }]);
});

test("an emitted event is kept as an effect, a log line is none", () => {
  const machine = setup({ actions: { tell: emit({ type: "told", n: 1 }), log: log("words") } }).createMachine({
    entry: ["tell", "log"],
  });
  expect(new Stepper(machine).effects).toEqual([{ type: "emit", event: { type: "told", n: 1 } }]);
});

test("a machine that ends gives its output and stops its children", () => {
  const machine = setup({ actors: { other: activity() } }).createMachine({
    invoke: { src: "other", id: "c" },
    initial: "a",
    states: { a: { on: { end: "b" } }, b: { type: "final" } },
    output: { sum: 3 },
  });
  const { snapshot, effects } = new Stepper(machine).send("end");
  expect([snapshot.status, snapshot.output, effects]).toEqual(["done", { sum: 3 }, [{ type: "stop", id: "c" }]]);
});

test("accepts says whether an event would lead anywhere now", () => {
  const machine = setup({
    guards: {
      no: () => false,
      broken: () => {
        throw new Error("no guard");
      },
    },
    actions: { nothing: assign({}) },
  }).createMachine({
    initial: "a",
    states: {
      a: {
        on: {
          move: "b",
          act: { actions: "nothing" },
          guarded: { target: "b", guard: "no" },
          broken: { target: "b", guard: "broken" },
          forbidden: {},
        },
      },
      b: {},
    },
  });
  const { interpreter, snapshot } = new Stepper(machine);
  const accepts = (type: string) => interpreter.accepts(snapshot, { type });
  expect(["move", "act", "broken"].map(accepts)).toEqual([true, true, true]);
  expect(["unknown", "guarded", "forbidden"].map(accepts)).toEqual([false, false, false]);
});
