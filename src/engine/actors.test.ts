/** Promise 7: each actor has its own row, and children end, fail and are stopped as their parents see it. */

import { expect, test } from "vitest";
import {
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  enqueueActions,
  raise,
  sendParent,
  sendTo,
  setup,
} from "xstate";
import type { Step } from "../store/store.ts";
import { activity } from "./testing/activity.ts";
import { expectNothingLeft, openHarness, quiet, statesOf, Watcher } from "./testing/harness.ts";
import type { Workflow } from "./workflow.ts";

const workflow = (name: string, machine: unknown): Workflow => ({
  name,
  version: 1,
  machine: machine as AnyStateMachine,
});

/** A child: an activity, then done with its output; `secret` is in its context only. */
const child = workflow(
  "child",
  setup({
    types: {
      context: {} as { input: { n: number; secret: string }; output: unknown },
      input: {} as { n: number; secret: string },
    },
    actors: { work: activity<{ n: number }>() },
    actions: { keep: assign({ output: ({ event }) => (event as { output?: unknown }).output }) },
  }).createMachine({
    id: "child",
    context: ({ input }) => ({ input, output: null }),
    initial: "busy",
    states: {
      busy: {
        invoke: {
          src: "work",
          id: "w",
          input: ({ context }) => ({ n: context.input.n }),
          onDone: { target: "done", actions: "keep" },
        },
      },
      done: { type: "final" },
    },
    output: ({ context }) => context.output,
  }),
);

/** Starts as many children as its input says, and is done when all of them are. */
const parent = workflow(
  "parent",
  setup({
    types: { context: {} as { count: number; done: unknown[]; failed: unknown[] }, input: {} as number },
    actors: { child: activity<{ n: number; secret: string }>() },
    guards: { isAllDone: ({ context }) => context.done.length + context.failed.length === context.count },
    actions: {
      start: enqueueActions(({ context, enqueue }) => {
        for (let n = 0; n < context.count; n++) {
          enqueue.spawnChild("child", { id: `c${n}`, input: { n, secret: "of a child only" } });
        }
      }),
      done: assign({
        done: ({ context, event }) => [...context.done, (event as unknown as { output: unknown }).output],
      }),
      failed: assign({
        failed: ({ context, event }) => [...context.failed, (event as unknown as { error: unknown }).error],
      }),
    },
  }).createMachine({
    id: "parent",
    context: ({ input }) => ({ count: input, done: [], failed: [] }),
    initial: "working",
    states: {
      working: {
        entry: "start",
        on: { "xstate.done.actor.*": { actions: "done" }, "xstate.error.actor.*": { actions: "failed" } },
        always: { guard: "isAllDone", target: "done" },
      },
      done: { type: "final" },
    },
    output: ({ context }) => ({ done: context.done, failed: context.failed }),
  }),
);

test("promise 7: a parent and its children have a row each, and no row holds another's snapshot", async () => {
  const { engine, store } = await openHarness({
    workflows: [parent, child],
    activities: { work: { run: async ({ n }) => n * 10 } },
  });
  engine.start({ workflow: "parent", jobId: "j", input: 2 });
  const watcher = new Watcher();
  const job = await engine.run("j", { onUpdate: watcher.onUpdate });
  expect(job).toMatchObject({ status: "done", output: { done: [0, 10], failed: [] } });
  expect(store.listActors("j")).toMatchObject([
    { id: "job", workflow: "parent", status: "done" },
    { id: "job/c0", workflow: "child", status: "done" },
    { id: "job/c1", workflow: "child", status: "done" },
  ]);
  const snapshots = watcher.updates.flatMap((update) =>
    update.type === "step" && update.step.actorId === "job" ? [update.step.snapshot] : [],
  );
  expect(snapshots).toHaveLength(3);
  for (const snapshot of snapshots) expect(snapshot).not.toContain("of a child only");
  expectNothingLeft(store);
});

test("promise 7: a child's transition changes the child's row only", async () => {
  const gates = [0, 1, 2].map(() => Promise.withResolvers<number>());
  const { engine, store } = await openHarness({
    workflows: [parent, child],
    activities: { work: { run: ({ n }: { n: number }) => gates[n]?.promise } as never },
  });
  engine.start({ workflow: "parent", jobId: "j", input: 3 });
  const watcher = new Watcher();
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.until((update) => update.type === "attempt" && update.activity.actorId === "job/c2");
  const before = store.listActors("j");
  const changed = Promise.withResolvers<string[]>();
  void watcher.state("done", "job/c1").then(() => {
    const after = store.listActors("j");
    changed.resolve(after.flatMap((actor, n) => (actor.updatedSeq === before[n]?.updatedSeq ? [] : [actor.id])));
  });
  gates[1]?.resolve(1);
  expect(await changed.promise).toEqual(["job/c1"]);
  gates[0]?.resolve(0);
  gates[2]?.resolve(2);
  expect(await done).toMatchObject({ output: { done: [1, 0, 2] } });
});

/** What a step puts into the database. */
const bytesOf = ({ snapshot, event, effects, writes }: Step) =>
  JSON.stringify([snapshot, event, effects, writes]).length;

test("promise 7: what a child's transition writes does not depend on how many other children there are", async () => {
  const written = async (count: number) => {
    const { engine } = await openHarness({
      workflows: [parent, child],
      activities: { work: { run: async () => "result" } },
    });
    engine.start({ workflow: "parent", jobId: "j", input: count });
    const watcher = new Watcher();
    await engine.run("j", { onUpdate: watcher.onUpdate });
    const steps = watcher.updates.flatMap((update) =>
      update.type === "step" && update.step.actorId === "job/c1" ? [update.step] : [],
    );
    // History numbers are a part of ids, and grow by digits.
    return steps.map((step) => [step.writes.length, bytesOf({ ...step, writes: [] })]);
  };
  const few = await written(2);
  expect(few).toHaveLength(2);
  expect(await written(60)).toEqual(few);
});

test("promise 7: what a transition writes does not grow with the job's history", async () => {
  const looping = workflow(
    "looping",
    setup({
      types: { context: {} as { left: number } },
      actors: { work: activity() },
      guards: { isOver: ({ context }) => context.left === 100 },
      actions: { count: assign({ left: ({ context }) => context.left - 1 }) },
    }).createMachine({
      context: { left: 300 },
      initial: "busy",
      states: {
        busy: { invoke: { src: "work", id: "w", onDone: { target: "next", actions: "count" } } },
        next: { always: [{ guard: "isOver", target: "done" }, { target: "busy" }] },
        done: { type: "final" },
      },
    }),
  );
  const { engine } = await openHarness({ workflows: [looping], activities: { work: { run: async () => null } } });
  engine.start({ workflow: "looping", jobId: "j", input: null });
  const watcher = new Watcher();
  await engine.run("j", { onUpdate: watcher.onUpdate });
  const sizes = watcher.updates.flatMap((update) =>
    update.type === "step" && update.step.state === "busy" ? [bytesOf({ ...update.step, writes: [] })] : [],
  );
  expect(sizes).toHaveLength(200);
  expect(new Set(sizes.slice(1)).size).toBe(1);
});

test("a child that fails is its parent's to judge", async () => {
  const { engine } = await openHarness({
    workflows: [parent, child],
    activities: {
      work: {
        run: async ({ n }) => {
          if (n === 1) throw new Error("no luck");
          return n;
        },
      },
    },
  });
  engine.start({ workflow: "parent", jobId: "j", input: 3 });
  expect(await engine.run("j")).toMatchObject({
    status: "done",
    output: { done: [0, 2], failed: [{ name: "Error", message: "no luck", stack: expect.any(String) }] },
  });
});

test("parent and child talk to each other, and to themselves, through the database", async () => {
  const talking = workflow(
    "talking",
    setup({
      actors: { answering: activity() },
      actions: { ask: sendTo("a", { type: "ask", n: 20 }), note: assign(({ event }) => ({ answer: event.n })) },
    }).createMachine({
      initial: "talking",
      invoke: { src: "answering", id: "a" },
      states: {
        talking: { entry: "ask", on: { answer: { target: "done", actions: "note" } } },
        done: { type: "final" },
      },
      output: ({ context }) => (context as { answer: number }).answer,
    }),
  );
  const answering = workflow(
    "answering",
    setup({
      types: { events: {} as { type: "ask" | "thought"; n: number } },
      actions: {
        think: sendTo(
          ({ self }) => self as AnyActorRef,
          ({ event }) => ({ type: "thought", n: event.n * 2 }),
        ),
        answer: sendParent(({ event }) => ({ type: "answer", n: event.n + 2 })),
      },
    }).createMachine({ on: { ask: { actions: "think" }, thought: { actions: "answer" } } }),
  );
  const { engine, store } = await openHarness({ workflows: [talking, answering] });
  engine.start({ workflow: "talking", jobId: "j", input: null });
  expect(await engine.run("j")).toMatchObject({ status: "done", output: 42 });
  expect(store.getActor("j", "job/a")?.status).toBe("stopped");
  expectNothingLeft(store);
});

test("leaving a state ends the child that it invoked, with all that the child has", async () => {
  const outer = workflow(
    "outer",
    setup({ actors: { inner: activity() } }).createMachine({
      initial: "a",
      states: {
        a: { invoke: { src: "inner", id: "i" }, on: { leave: "b" } },
        b: { on: { end: "done" } },
        done: { type: "final" },
      },
    }),
  );
  const inner = workflow(
    "inner",
    setup({
      actors: { slow: activity(), innermost: activity() },
      actions: { later: raise({ type: "x" }, { delay: 1000 }) },
    }).createMachine({
      entry: "later",
      invoke: [
        { src: "slow", id: "s" },
        { src: "innermost", id: "m" },
      ],
    }),
  );
  const innermost = workflow(
    "innermost",
    setup({ actors: { slow: activity() } }).createMachine({ invoke: { src: "slow", id: "s" } }),
  );
  const reasons: unknown[] = [];
  const { engine, store, clock } = await openHarness({
    workflows: [outer, inner, innermost],
    activities: {
      slow: {
        run: (_input, { signal, effectId }) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => {
              reasons.push([effectId, signal.reason.reason]);
              reject(signal.reason);
            }),
          ),
      },
    },
  });
  const watcher = new Watcher();
  engine.start({ workflow: "outer", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.until((update) => update.type === "attempt" && update.activity.actorId === "job/i/m");
  engine.signal({ jobId: "j", actorId: "job/i", event: { type: "nobody waits for this" } });
  engine.signal({ jobId: "j", event: { type: "leave" } });
  await watcher.state("b");
  clock.advance(5000);
  await quiet();
  expect(reasons).toEqual([
    ["j:2:1", "cancelled"],
    ["j:3:0", "cancelled"],
  ]);
  expect(store.listActors("j").map(({ id, status }) => [id, status])).toEqual([
    ["job", "active"],
    ["job/i", "stopped"],
    ["job/i/m", "stopped"],
  ]);
  expect([store.listTimers("j"), store.listPendingSignals("j")]).toEqual([[], []]);
  engine.signal({ jobId: "j", event: { type: "end" } });
  await done;
  expect(statesOf(store)).toEqual(["a", "b", "done"]);
});

test("a child started again under its old id begins anew", async () => {
  const repeating = workflow(
    "repeating",
    setup({
      types: { context: {} as { n: number } },
      actors: { child: activity<{ n: number; secret: string }>() },
      guards: { isOver: ({ context }) => context.n === 3 },
      actions: { count: assign({ n: ({ context }) => context.n + 1 }) },
    }).createMachine({
      context: { n: 0 },
      initial: "a",
      states: {
        a: {
          entry: "count",
          invoke: { src: "child", id: "c", input: ({ context }) => ({ n: context.n, secret: "" }), onDone: "b" },
        },
        b: { always: [{ guard: "isOver", target: "done" }, { target: "a" }] },
        done: { type: "final" },
      },
    }),
  );
  const inputs: number[] = [];
  const { engine } = await openHarness({
    workflows: [repeating, child],
    activities: { work: { run: async ({ n }) => inputs.push(n) } },
  });
  engine.start({ workflow: "repeating", jobId: "j", input: null });
  expect(await engine.run("j")).toMatchObject({ status: "done" });
  expect(inputs).toEqual([1, 2, 3]);
});
