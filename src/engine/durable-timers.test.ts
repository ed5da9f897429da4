/** Promise 5: timers are rows. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { type AnyStateMachine, cancel, enqueueActions, raise, setup } from "xstate";
import { ManualClock } from "../core/clock.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import type { Engine } from "./engine.ts";
import { eventsOf, expectNothingLeft, openHarness, quiet, statesOf, Watcher } from "./testing/harness.ts";
import type { Workflow } from "./workflow.ts";

const flow = (machine: unknown): Workflow => ({ name: "flow", version: 1, machine: machine as AnyStateMachine });

const waiting = flow(
  setup({ types: { tags: {} as "waiting" } }).createMachine({
    id: "m",
    initial: "waiting",
    states: {
      waiting: { after: { 60000: "done" }, on: { leave: "elsewhere", again: { target: "waiting", reenter: true } } },
      elsewhere: { on: { end: "done" } },
      done: { type: "final" },
    },
  }),
);

/** Half a second before the timer of `waiting`: a job that is called now does not sleep again. */
async function nearlyFiring(engine: Engine, clock: ManualClock): Promise<void> {
  await quiet();
  clock.advance(59_500);
  engine.signal({ jobId: "j", event: { type: "nobody-waits-for-this" } });
  await quiet();
}

/** Runs the job until it has taken its first step, stops, and closes the store: what is left is rows. */
async function startAndStop(path: string, clock: ManualClock, workflow: Workflow): Promise<void> {
  const { engine, store } = await openHarness({ path, clock, workflows: [workflow] });
  const stop = new AbortController();
  const watcher = new Watcher();
  engine.start({ workflow: workflow.name, jobId: "j", input: null });
  const run = engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.until(({ type }) => type === "step");
  stop.abort();
  await run;
  store.close();
}

test("promise 5: after fires at its time, once, and leaves nothing", async () => {
  const { engine, store, clock } = await openHarness({ workflows: [waiting] });
  const watcher = new Watcher();
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  clock.advance(59_999);
  await quiet();
  expect(statesOf(store)).toEqual(["waiting"]);
  clock.advance(1);
  expect(await done).toMatchObject({ status: "done" });
  expect(statesOf(store)).toEqual(["waiting", "done"]);
  expectNothingLeft(store);
});

test("promise 5: a timer survives a restart and fires at its time", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const clock = new ManualClock();
  await startAndStop(path, clock, waiting);
  clock.advance(40_000);
  const { engine, store } = await openHarness({ path, clock, workflows: [waiting] });
  const done = engine.run("j");
  clock.advance(19_999);
  await quiet();
  expect(statesOf(store)).toEqual(["waiting"]);
  clock.advance(1);
  expect(await done).toMatchObject({ status: "done" });
  expect(store.listHistory("j").at(-1)?.at).toBe(clock.now());
});

test("promise 5: a timer whose time passed while nobody ran fires late rather than never, and once", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const clock = new ManualClock();
  await startAndStop(path, clock, waiting);
  clock.advance(3_600_000);
  const { engine, store } = await openHarness({ path, clock, workflows: [waiting] });
  const acquired = Promise.withResolvers<void>();
  const done = engine.run("j", { onAcquired: acquired.resolve });
  await acquired.promise;
  clock.advance(0);
  expect(await done).toMatchObject({ status: "done" });
  expect(eventsOf(store)).toEqual(["xstate.init", "xstate.after.60000.m.waiting"]);
  await engine.run("j");
  expect(store.listHistory("j")).toHaveLength(2);
});

test("promise 5: late timers fire in the order of their times", async () => {
  const workflow = flow(
    setup({
      actions: {
        third: raise({ type: "third" }, { delay: 300 }),
        first: raise({ type: "first" }, { delay: 100 }),
        second: raise({ type: "second" }, { delay: 200, id: "named" }),
      },
    }).createMachine({
      entry: ["third", "first", "second"],
      initial: "a",
      states: { a: { on: { third: "done" } }, done: { type: "final" } },
    }),
  );
  const path = join(temporaryFolder(), "orch.db");
  const clock = new ManualClock();
  await startAndStop(path, clock, workflow);
  clock.advance(1000);
  const { engine, store } = await openHarness({ path, clock, workflows: [workflow] });
  const acquired = Promise.withResolvers<void>();
  const done = engine.run("j", { onAcquired: acquired.resolve });
  await acquired.promise;
  clock.advance(0);
  await done;
  expect(eventsOf(store)).toEqual(["xstate.init", "first", "second", "third"]);
});

test("promise 5: timers without a name do not replace each other", async () => {
  const workflow = flow(
    setup({
      actions: { later: raise({ type: "tick" }, { delay: 10 }), end: raise({ type: "end" }, { delay: 20 }) },
    }).createMachine({
      entry: ["later", "later", "end"],
      initial: "a",
      states: { a: { on: { end: "done" } }, done: { type: "final" } },
    }),
  );
  const { engine, store, clock } = await openHarness({ workflows: [workflow] });
  const watcher = new Watcher();
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("a");
  clock.advance(20);
  await done;
  expect(eventsOf(store)).toEqual(["xstate.init", "tick", "tick", "end"]);
});

test("promise 5: leaving a state, or cancel, undoes a timer for good", async () => {
  const workflow = flow(
    setup({
      actions: {
        set: raise({ type: "wrong" }, { delay: 100, id: "mine" }),
        undo: enqueueActions(({ enqueue }) => enqueue(cancel("mine"))),
      },
    }).createMachine({
      id: "m",
      initial: "a",
      states: {
        a: { entry: "set", after: { 200: "wrong" }, on: { leave: "b", wrong: "wrong" } },
        b: { entry: "undo", on: { wrong: "wrong", end: "done" } },
        wrong: { type: "final" },
        done: { type: "final" },
      },
    }),
  );
  const path = join(temporaryFolder(), "orch.db");
  const clock = new ManualClock();
  const first = await openHarness({ path, clock, workflows: [workflow] });
  const stop = new AbortController();
  const watcher = new Watcher();
  first.engine.start({ workflow: "flow", jobId: "j", input: null });
  const stopped = first.engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.state("a");
  first.engine.signal({ jobId: "j", event: { type: "leave" } });
  await watcher.state("b");
  clock.advance(1000);
  await quiet();
  expect([statesOf(first.store), first.store.listTimers("j")]).toEqual([["a", "b"], []]);
  stop.abort();
  await stopped;
  first.store.close();
  const second = await openHarness({ path, clock, workflows: [workflow] });
  const done = second.engine.run("j");
  clock.advance(1000);
  await quiet();
  second.engine.signal({ jobId: "j", event: { type: "end" } });
  expect(await done).toMatchObject({ status: "done" });
  expect(statesOf(second.store)).toEqual(["a", "b", "done"]);
});

test("promise 5: a timer that fires while its state is entered anew counts from the new entry", async () => {
  const { engine, store, clock } = await openHarness({ workflows: [waiting] });
  const watcher = new Watcher();
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  await nearlyFiring(engine, clock);
  // The step that enters the state anew is not committed yet when the old timer fires.
  engine.signal({ jobId: "j", event: { type: "again" } });
  clock.advance(50_000);
  await quiet();
  expect(eventsOf(store)).toEqual(["xstate.init", "again"]);
  expect(store.listTimers("j")).toMatchObject([{ fireAt: clock.now() + 10_000 }]);
  clock.advance(10_000);
  expect(await done).toMatchObject({ status: "done" });
  expect(eventsOf(store)).toHaveLength(3);
});

test("promise 5: a timer that fires while its state is left does nothing", async () => {
  const { engine, store, clock } = await openHarness({ workflows: [waiting] });
  const watcher = new Watcher();
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  await nearlyFiring(engine, clock);
  engine.signal({ jobId: "j", event: { type: "leave" } });
  clock.advance(60_000);
  await watcher.state("elsewhere");
  await quiet();
  engine.signal({ jobId: "j", event: { type: "end" } });
  await done;
  expect(eventsOf(store)).toEqual(["xstate.init", "leave", "end"]);
});
