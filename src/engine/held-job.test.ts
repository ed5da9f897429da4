/** Jobs that only wait sleep: what they wait for wakes them, and nothing is lost on the way. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { type AnyStateMachine, setup } from "xstate";
import { OrchError } from "../core/errors.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { activity } from "./testing/activity.ts";
import { openHarness, quiet, secondOwner, statesOf, Watcher } from "./testing/harness.ts";
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
