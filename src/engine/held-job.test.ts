/** Jobs that only wait sleep: what they wait for wakes them, and nothing is lost on the way. */

import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { type AnyStateMachine, setup, spawnChild, stopChild } from "xstate";
import { OrchError } from "../core/errors.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { activity } from "./testing/activity.ts";
import { eventsOf, openHarness, quiet, secondOwner, statesOf, Watcher } from "./testing/harness.ts";
import type { Workflow } from "./workflow.ts";

const flow = (machine: unknown): Workflow => ({ name: "flow", version: 1, machine: machine as AnyStateMachine });

/** Waits for an hour, or for `go` twice; `later` is something it takes only in the second state. */
const waiting = flow(
  setup({ types: { tags: {} as "waiting" } }).createMachine({
    id: "waiting",
    initial: "first",
    states: {
      first: { tags: "waiting", after: { 3600000: "done" }, on: { go: "second" } },
      second: { tags: "waiting", after: { 3600000: "done" }, on: { go: "done", later: "done" } },
      done: { type: "final" },
    },
  }),
);

/** How often a job's timers are read: once each time that it is taken up. */
function countingReads<Target extends object>(store: Target): { readonly store: Target; reads: number } {
  const counted = {
    reads: 0,
    store: new Proxy(store, {
      get(target, name) {
        if (name === "listTimers") counted.reads += 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }),
  };
  return counted;
}

test("a sleeping job is woken by a signal of its own process and by its timer", async () => {
  const { engine, store, clock } = await openHarness({ workflows: [waiting] });
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j");
  await quiet();
  engine.signal({ jobId: "j", event: { type: "go" } });
  await quiet();
  expect(statesOf(store)).toEqual(["first", "second"]);
  clock.advance(3_600_000);
  expect(await done).toMatchObject({ status: "done" });
});

test("a signal that comes while the job falls asleep is taken", async () => {
  for (let turns = 0; turns < 8; turns += 1) {
    const { engine } = await openHarness({ workflows: [waiting] });
    const watcher = new Watcher();
    engine.start({ workflow: "flow", jobId: "j", input: null });
    const done = engine.run("j", { onUpdate: watcher.onUpdate });
    await watcher.state("first");
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    engine.signal({ jobId: "j", event: { type: "go" } });
    engine.signal({ jobId: "j", event: { type: "go" } });
    expect(await done).toMatchObject({ status: "done" });
  }
});

test("a signal from elsewhere wakes the job; one that it cannot take yet is looked at once, and kept", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const counted = countingReads(await openSqliteStore(path));
  const { engine, store } = await openHarness({ workflows: [waiting], store: counted.store });
  const other = await openHarness({ workflows: [waiting], path, owner: secondOwner });
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const watcher = new Watcher();
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("first");
  const looked = async (act: () => void) => {
    const told = Promise.withResolvers<void>();
    const end = store.onForeignCommit(told.resolve);
    act();
    await told.promise;
    end();
    await quiet();
    return counted.reads;
  };
  const before = await looked(() => other.engine.signal({ jobId: "j", event: { type: "later" } }));
  expect(await looked(() => other.engine.start({ workflow: "flow", jobId: "k", input: null }))).toBe(before);
  other.engine.signal({ jobId: "j", event: { type: "go" } });
  expect(await done).toMatchObject({ status: "done" });
  expect(statesOf(store)).toEqual(["first", "second", "done"]);
});

test("a sleeping job that is told to stop is left as it is, and free", async () => {
  const { engine, store } = await openHarness({ workflows: [waiting] });
  const stop = new AbortController();
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const run = engine.run("j", { signal: stop.signal });
  await quiet();
  stop.abort();
  expect(await run).toMatchObject({ status: "waiting", lease: null, nextSeq: 2 });
  expect(store.listTimers("j")).toHaveLength(1);
});

test("promise 4: a sleeping job that was taken over learns it, and leaves it to its new owner", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const first = await openHarness({ workflows: [waiting], path });
  const second = await openHarness({ workflows: [waiting], path, owner: secondOwner, isGone: () => true });
  first.engine.start({ workflow: "flow", jobId: "j", input: null });
  const firstRun = first.engine.run("j");
  await quiet();
  const secondRun = second.engine.run("j");
  await quiet();
  const lost = expect(firstRun).rejects.toMatchObject({ code: "lease-lost" });
  first.clock.advance(60_000);
  await lost;
  for (const event of [{ type: "go" }, { type: "go" }]) second.engine.signal({ jobId: "j", event });
  expect(await secondRun).toMatchObject({ status: "done" });
});

test("promise 3: a retry that is slept through keeps its attempts, failures and heartbeat", async () => {
  const seen: unknown[] = [];
  const { engine, store, clock } = await openHarness({
    workflows: [
      flow(
        setup({ actors: { work: activity() } }).createMachine({
          id: "working",
          initial: "busy",
          states: { busy: { invoke: { src: "work", id: "work", onDone: "done" } }, done: { type: "final" } },
        }),
      ),
    ],
    activities: {
      work: {
        retry: { initialIntervalMs: 600_000, backoffCoefficient: 1, maximumIntervalMs: 600_000, maximumAttempts: 3 },
        run: async (_input, context) => {
          seen.push([context.attempt, context.lastHeartbeat]);
          context.heartbeat({ at: context.attempt });
          if (context.attempt < 3) throw new OrchError("not yet", { code: "x", retryable: true });
          return null;
        },
      },
    },
  });
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j");
  for (let attempt = 1; attempt < 3; attempt += 1) {
    await quiet();
    expect(store.getActivity("j:1:0")).toMatchObject({ status: "scheduled", attempt, failures: attempt });
    clock.advance(3_600_000);
  }
  expect(await done).toMatchObject({ status: "done" });
  expect(seen).toEqual([
    [1, undefined],
    [2, { at: 1 }],
    [3, { at: 2 }],
  ]);
});

/** Calls of an activity that fails until its job has left `a`; `cleanUp` and the end of the hour beside it. */
function failing(retryAfterMs: number, after: Readonly<Record<number, string>>) {
  const calls: string[] = [];
  const machine = setup({ actors: { work: activity() } }).createMachine({
    id: "failing",
    initial: "a",
    states: {
      a: { invoke: { src: "work", id: "w" }, after, on: { skip: "b" } },
      b: { on: { go: "done" } },
      done: { type: "final" },
    },
  });
  const retry = { initialIntervalMs: retryAfterMs, backoffCoefficient: 1, maximumIntervalMs: retryAfterMs };
  const work = {
    retry: { ...retry, maximumAttempts: 9 },
    run: async () => {
      calls.push("run");
      throw new OrchError("not yet", { code: "x", retryable: true });
    },
    cleanUp: async () => {
      calls.push("cleanUp");
    },
  };
  return { calls, workflows: [flow(machine)], activities: { work } };
}

test("promise 3: of a retry and the timer that ends it, both overdue after a suspension, the timer is taken first", async () => {
  const { calls, ...definitions } = failing(600_000, { 300000: "b" });
  const { engine, store, clock } = await openHarness(definitions);
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j");
  await quiet();
  // The machine sleeps: what was to happen in that time is due at once.
  clock.advance(3_600_000);
  await quiet();
  expect([calls, statesOf(store)]).toEqual([["run"], ["a", "b"]]);
  engine.signal({ jobId: "j", event: { type: "go" } });
  expect(await done).toMatchObject({ status: "done" });
});

test("promise 3: after a crash, too, an overdue timer comes before an overdue retry, and a signal before both", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const { calls, ...definitions } = failing(600_000, { 300000: "b" });
  const first = await openHarness({ path, ...definitions });
  for (const jobId of ["j", "k"]) first.engine.start({ workflow: "flow", jobId, input: null });
  const stop = new AbortController();
  const runs = ["j", "k"].map((jobId) => first.engine.run(jobId, { signal: stop.signal }));
  await quiet();
  stop.abort();
  await Promise.all(runs);
  first.clock.advance(3_600_000);
  const second = await openHarness({ path, clock: first.clock, ...definitions });
  second.engine.signal({ jobId: "k", event: { type: "skip" } });
  for (const jobId of ["j", "k"]) void second.engine.run(jobId);
  await quiet();
  expect(calls.filter((call) => call === "run")).toHaveLength(2);
  expect(eventsOf(second.store, "j")).toEqual(["xstate.init", "xstate.after.300000.failing.a"]);
  expect(eventsOf(second.store, "k")).toEqual(["xstate.init", "skip"]);
  for (const jobId of ["j", "k"]) second.engine.signal({ jobId, event: { type: "go" } });
  await quiet();
});

test("what a signal ends while it is slept through leaves nothing to clean up, and a short wait lets the job sleep, too", async () => {
  for (const retryAfterMs of [500, 60_000]) {
    const { calls, ...definitions } = failing(retryAfterMs, {});
    const rests: boolean[] = [];
    const { engine, clock } = await openHarness({ ...definitions, onRest: (isResting) => rests.push(isResting) });
    engine.start({ workflow: "flow", jobId: "j", input: null });
    const done = engine.run("j");
    await quiet();
    engine.signal({ jobId: "j", event: { type: "skip" } });
    await quiet();
    clock.advance(120_000);
    await quiet();
    expect([calls, rests.at(-1)]).toEqual([["run"], true]);
    engine.signal({ jobId: "j", event: { type: "go" } });
    expect(await done).toMatchObject({ status: "done" });
  }
});

test("a job that is woken while the store is busy hears that it is to stop", async () => {
  let isBusy = false;
  const busy = new Proxy(await openSqliteStore(":memory:"), {
    get(target, name) {
      if (isBusy && name === "listTimers") throw new OrchError("it is busy", { code: "database-busy" });
      if (isBusy && name === "getJob") {
        return () => {
          throw new OrchError("it is busy", { code: "database-busy" });
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { engine, clock } = await openHarness({ workflows: [waiting], store: busy });
  const stop = new AbortController();
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const run = engine.run("j", { signal: stop.signal });
  await quiet();
  isBusy = true;
  engine.signal({ jobId: "j", event: { type: "go" } });
  await quiet();
  stop.abort();
  isBusy = false;
  clock.advance(1_000);
  expect(await run).toMatchObject({ status: "waiting", lease: null, nextSeq: 2 });
});

test("of two that a machine spawned under one id, the one that is left is stopped, and does not come back", async () => {
  const inputs: unknown[] = [];
  const { engine, store, clock } = await openHarness({
    workflows: [
      flow(
        setup({ actors: { work: activity<number, null>() } }).createMachine({
          id: "twice",
          initial: "a",
          states: {
            a: {
              entry: [spawnChild("work", { id: "w", input: 1 }), spawnChild("work", { id: "w", input: 2 })],
              on: { "xstate.done.actor.w": { target: "b", actions: stopChild("w") } },
            },
            b: { after: { 3600000: "done" } },
            done: { type: "final" },
          },
        }),
      ),
    ],
    activities: {
      work: {
        run: async (input: number, { signal }) => {
          inputs.push(input);
          if (input === 2)
            await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          return null;
        },
      },
    },
  });
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const done = engine.run("j");
  await quiet();
  expect(store.getActivity("j:1:1")).toMatchObject({ status: "cancelled" });
  clock.advance(3_600_000);
  expect(await done).toMatchObject({ status: "done" });
  expect(inputs).toEqual([1, 2]);
});

test("who has lost a job to a later run of its own process does not take it from that run", async () => {
  const { engine, clock } = await openHarness({ workflows: [waiting], isGone: () => true });
  engine.start({ workflow: "flow", jobId: "j", input: null });
  const first = engine.run("j");
  await quiet();
  const second = engine.run("j");
  await quiet();
  const lost = expect(first).rejects.toMatchObject({ code: "lease-lost" });
  clock.advance(60_000);
  await lost;
  for (const event of [{ type: "go" }, { type: "go" }]) engine.signal({ jobId: "j", event });
  expect(await second).toMatchObject({ status: "done" });
});

test("an activity that is to be run, but that no entry scheduled, is told as damage", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const { calls, ...definitions } = failing(60_000, {});
  const first = await openHarness({ path, ...definitions });
  const stop = new AbortController();
  first.engine.start({ workflow: "flow", jobId: "j", input: null });
  const run = first.engine.run("j", { signal: stop.signal });
  await quiet();
  stop.abort();
  await run;
  const store = await openSqliteStore(path);
  const database = new Database(path);
  database.exec("update history set first_activity = null, activity_count = 0");
  database.close();
  const second = await openHarness({ store, ...definitions });
  await expect(second.engine.run("j")).rejects.toMatchObject({ code: "database-damaged" });
  expect(calls).toEqual(["run"]);
});
