/** Whatever a machine throws, and whatever it makes that cannot be kept, is data in the end. */

import { expect, test } from "vitest";
import { type AnyActorRef, assign, enqueueActions, raise, setup } from "xstate";
import { activity } from "./testing/activity.ts";
import { Stepper } from "./testing/stepper.ts";

const boom = (): never => {
  throw new Error("boom");
};

const throwing = setup({
  types: { context: {} as { n: number } },
  actors: { work: activity<{ n: number }>() },
  guards: { boom },
  delays: { boom },
  actions: {
    count: assign({ n: ({ context }) => context.n + 1 }),
    assign: assign(boom),
    raise: raise(boom),
    enqueue: enqueueActions(boom),
  },
});

const places = throwing.createMachine({
  context: { n: 0 },
  initial: "a",
  states: {
    a: {
      on: {
        guard: { target: "b", guard: "boom" },
        assign: { target: "b", actions: ["count", "assign"] },
        raise: { target: "b", actions: "raise" },
        enqueue: { target: "b", actions: "enqueue" },
        entry: "entry",
        delay: "delay",
        input: "input",
        always: "always",
        output: "output",
      },
    },
    b: {},
    entry: { entry: ["count", "assign"], invoke: { src: "work", input: { n: 1 } } },
    delay: { after: { boom: "b" } },
    input: { invoke: { src: "work", input: boom } },
    always: { always: { target: "b", guard: "boom" } },
    output: { type: "final", output: boom },
  },
  output: boom,
});

test.each(["guard", "assign", "raise", "enqueue", "entry", "delay", "input", "always", "output"])(
  "a throw in %s is a failed snapshot in the state before, that wants nothing done",
  (event) => {
    const { snapshot, effects } = new Stepper(places).send(event);
    expect([snapshot.status, snapshot.value, snapshot.context, effects]).toEqual(["error", "a", { n: 0 }, []]);
    expect((snapshot.error as Error).message).toContain("boom");
  },
);

test.each(["guard", "assign"])("an error in %s is kept with its stack", (event) => {
  const error = new Stepper(places).send(event).persisted().error as { name: string; message: string; stack: string };
  expect(error.name).toBe("Error");
  expect(error.stack).toContain(error.message.split("\n")[0]);
});

test("a throw in the context factory is a failed snapshot", () => {
  const stepper = new Stepper(throwing.createMachine({ context: boom, initial: "a", states: { a: {} } }));
  expect([stepper.snapshot.status, stepper.effects]).toEqual(["error", []]);
  expect(stepper.persisted().error).toMatchObject({ message: "boom" });
});

test("a throw in the first state's entry is a failed snapshot", () => {
  const machine = throwing.createMachine({ context: { n: 0 }, initial: "a", states: { a: { entry: "assign" } } });
  expect(new Stepper(machine).persisted()).toMatchObject({ status: "error", error: { message: "boom" } });
});

test("a failure that no state handles is the actor's own, with the error as it was", () => {
  const machine = throwing.createMachine({ context: { n: 0 }, invoke: { src: "work", id: "w", input: { n: 1 } } });
  const error = { name: "OrchError", message: "no", code: "some-code", cause: { name: "Error", message: "deep" } };
  expect(new Stepper(machine).failed("w", error).persisted()).toMatchObject({ status: "error", error });
});

const unkeepable = setup({
  types: { context: {} as { value: unknown } },
  actors: { work: activity() },
}).createMachine({
  context: { value: null },
  on: { set: { actions: assign({ value: ({ event }) => event.value }) } },
});

test.each([
  ["a Date", new Date(0), "context.value is a Date"],
  ["a Map", { deep: [new Map()] }, "context.value.deep[0] is a Map"],
  ["a function", () => {}, "context.value is function"],
  ["NaN", Number.NaN, "context.value is NaN"],
  ["a bigint", 1n, "context.value is bigint"],
  ["an Error", new Error("x"), "context.value is a Error"],
  ["an array's undefined", [undefined], "context.value[0] is undefined"],
])("a context with %s is refused, with the path to it", (_name, value, message) => {
  const stepper = new Stepper(unkeepable).send({ type: "set", value });
  expect(() => stepper.interpreter.persist(stepper.snapshot)).toThrow(message);
});

test("a context with a circle is refused", () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  const stepper = new Stepper(unkeepable);
  const broken = { ...stepper.snapshot, context: { value } } as typeof stepper.snapshot;
  // XState's own walk over the context has no end here: any error will do, a hang would not.
  expect(() => stepper.interpreter.persist(broken)).toThrow();
});

test("an output that JSON cannot hold is refused", () => {
  const machine = setup({}).createMachine({
    initial: "a",
    states: { a: { type: "final" } },
    output: () => ({ at: new Date(0) }),
  });
  const { interpreter, snapshot } = new Stepper(machine);
  expect(() => interpreter.persist(snapshot)).toThrow("output.at is a Date");
});

test("a child that assign() or the context factory spawns is an error: it would never run", () => {
  const inAssign = setup({ actors: { work: activity() } }).createMachine({
    on: { go: { actions: assign(({ spawn }) => ({ ref: spawn("work", { id: "w" }) })) } },
  });
  expect(new Stepper(inAssign).send("go").persisted().error).toMatchObject({
    message: expect.stringContaining("assign"),
  });
  const inContext = setup({ actors: { work: activity() } }).createMachine({
    context: ({ spawn }) => ({ ref: spawn("work", { id: "w" }) }),
  });
  expect(new Stepper(inContext).persisted().status).toBe("error");
});

test("what cannot be carried out durably is an error, in the first transition as in any other", () => {
  const dynamic = setup({
    types: { events: {} as { type: "late" } | { type: "nameless" } },
    actors: { work: activity() },
    actions: {
      late: enqueueActions(({ enqueue, self }) => enqueue.sendTo(self as AnyActorRef, { type: "x" }, { delay: 5 })),
      nameless: enqueueActions(({ enqueue }) => enqueue.spawnChild("work", {} as never)),
    },
  });
  const machine = dynamic.createMachine({
    initial: "a",
    states: {
      a: { on: { late: { target: "b", actions: "late" }, nameless: { target: "b", actions: "nameless" } } },
      b: {},
    },
  });
  const late = new Stepper(machine).send("late");
  expect(late.persisted()).toMatchObject({
    status: "error",
    value: "a",
    error: { message: expect.stringContaining("delayed sendTo") },
  });
  expect(late.effects).toEqual([]);
  const nameless = new Stepper(machine).send("nameless");
  expect(nameless.persisted()).toMatchObject({
    status: "error",
    error: { message: expect.stringContaining("without an id") },
  });
  const first = new Stepper(dynamic.createMachine({ initial: "a", states: { a: { entry: "nameless" } } }));
  expect([first.persisted().status, first.effects]).toEqual(["error", []]);
});
