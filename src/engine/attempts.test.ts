/** Promises 3 and 10: attempts go on where the last one stood, under ids that never change, and late results are refused. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { type AnyStateMachine, setup } from "xstate";
import type { ActivityContext } from "../core/activity.ts";
import { ManualClock } from "../core/clock.ts";
import { OrchError } from "../core/errors.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { activity } from "./testing/activity.ts";
import { expectNothingLeft, openHarness, quiet, statesOf, Watcher } from "./testing/harness.ts";
import { approval, sequence } from "./testing/workflows.ts";
import type { ActivityDefinition, RetryPolicy } from "./workflow.ts";

const untilStopped = ({ signal }: ActivityContext) =>
  new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason));
  });

const retry: RetryPolicy = {
  maximumAttempts: 3,
  initialIntervalMs: 1000,
  backoffCoefficient: 2,
  maximumIntervalMs: 60_000,
};

const broken = (message: string) => new OrchError(message, { code: "broken", retryable: true });

test("promise 3: after a stop the next attempt has the next number, the last heartbeat and the same ids", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const clock = new ManualClock();
  const attempts: unknown[] = [];
  const run: ActivityDefinition["run"] = async (_input, context) => {
    const { effectId, attempt, scheduledAt, lastHeartbeat } = context;
    attempts.push({ effectId, attempt, scheduledAt, lastHeartbeat });
    if (attempt === 3) return "at last";
    await context.checkpoint({ thread: `t${attempt}` });
    return untilStopped(context);
  };
  const scheduledAt = clock.now();
  for (const attempt of [1, 2]) {
    const { engine, store } = await openHarness({
      path,
      clock,
      workflows: [sequence("a")],
      activities: { a: { run } },
    });
    if (attempt === 1) engine.start({ workflow: "sequence", jobId: "j", input: null });
    const stop = new AbortController();
    const watcher = new Watcher();
    const stopped = engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
    await watcher.until(({ type }) => type === "heartbeat");
    stop.abort();
    await stopped;
    expect(store.getActivity("j:1:0")).toMatchObject({ attempt, failures: 0, heartbeat: { thread: `t${attempt}` } });
    store.close();
    clock.advance(60_000);
  }
  const last = await openHarness({ path, clock, workflows: [sequence("a")], activities: { a: { run } } });
  expect(await last.engine.run("j")).toMatchObject({ status: "done", output: ["at last"] });
  const always = { effectId: "j:1:0", scheduledAt };
  expect(attempts).toEqual([
    { ...always, attempt: 1, lastHeartbeat: undefined },
    { ...always, attempt: 2, lastHeartbeat: { thread: "t1" } },
    { ...always, attempt: 3, lastHeartbeat: { thread: "t2" } },
  ]);
});

test("promise 3: a failed attempt is followed by another when its backoff is over, with its heartbeat", async () => {
  const attempts: unknown[] = [];
  const run: ActivityDefinition["run"] = async (_input, { attempt, lastHeartbeat, heartbeat }) => {
    attempts.push([attempt, lastHeartbeat]);
    heartbeat(attempt * 10);
    if (attempt < 3) throw broken(`failure ${attempt}`);
    return "ok";
  };
  const { engine, store, clock } = await openHarness({ workflows: [sequence("a")], activities: { a: { run, retry } } });
  const watcher = new Watcher();
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.retry("a", 1);
  expect(store.getActivity("j:1:0")).toMatchObject({
    failures: 1,
    dueAt: clock.now() + 1000,
    error: { code: "broken" },
  });
  clock.advance(999);
  await quiet();
  expect(attempts).toHaveLength(1);
  clock.advance(1);
  await watcher.retry("a", 2);
  clock.advance(2000);
  expect(await done).toMatchObject({ status: "done", output: ["ok"] });
  expect(attempts).toEqual([
    [1, undefined],
    [2, 10],
    [3, 20],
  ]);
  expectNothingLeft(store);
});

test("promise 3: a backoff outlasts a restart, and is not cut short by it", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const clock = new ManualClock();
  const attempts: number[] = [];
  const run: ActivityDefinition["run"] = async (_input, { attempt }) => {
    attempts.push(attempt);
    if (attempt === 1) throw broken("no");
    return "ok";
  };
  const options = { path, clock, workflows: [sequence("a")], activities: { a: { run, retry } } };
  const first = await openHarness(options);
  const stop = new AbortController();
  const watcher = new Watcher();
  first.engine.start({ workflow: "sequence", jobId: "j", input: null });
  const stopped = first.engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.retry("a", 1);
  stop.abort();
  await stopped;
  first.store.close();

  clock.advance(400);
  const second = await openHarness(options);
  const done = second.engine.run("j");
  await quiet();
  expect(attempts).toEqual([1]);
  clock.advance(600);
  expect(await done).toMatchObject({ status: "done" });
  expect(attempts).toEqual([1, 2]);
});

test("promise 3: only failures count against the attempts that are allowed, also across restarts", async () => {
  const attempts: number[] = [];
  const run: ActivityDefinition["run"] = async (_input, context) => {
    attempts.push(context.attempt);
    // The second is cut short by a stop, the others fail.
    if (context.attempt === 2) return untilStopped(context);
    throw broken(`failure ${context.attempt}`);
  };
  const { engine, clock } = await openHarness({ workflows: [sequence("a")], activities: { a: { run, retry } } });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const stop = new AbortController();
  const watcher = new Watcher();
  const stopped = engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.retry("a", 1);
  clock.advance(1000);
  await watcher.attempt("a", 2);
  stop.abort();
  await stopped;
  const again = new Watcher();
  const failed = engine.run("j", { onUpdate: again.onUpdate });
  await again.retry("a", 3);
  clock.advance(2000);
  expect(await failed).toMatchObject({
    status: "failed",
    closed: true,
    error: { message: "failure 4", code: "broken" },
  });
  expect(attempts).toEqual([1, 2, 3, 4]);
});

test("promise 3: an odd backoff or rate limit is waited for like any other", async () => {
  const { engine, store, clock } = await openHarness({
    workflows: [sequence("a")],
    activities: {
      a: {
        retry: { ...retry, backoffCoefficient: 1.2345, maximumAttempts: 4 },
        run: async (_input, { attempt }) => {
          if (attempt === 4) return "ok";
          throw new OrchError("slower", {
            code: "rate-limited",
            retryable: true,
            ...(attempt === 3 && { retryAfterMs: 2345.6 }),
          });
        },
      },
    },
  });
  const watcher = new Watcher();
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  for (const [attempt, wait] of [
    [1, 1000],
    [2, 1235],
    [3, 2346],
  ] as const) {
    await watcher.retry("a", attempt);
    expect(store.getActivity("j:1:0")?.dueAt).toBe(clock.now() + wait);
    clock.advance(wait);
  }
  expect(await done).toMatchObject({ status: "done" });
});

/** `slow` runs until `leave` is signalled; what it says after that must not count. */
const leaving = {
  name: "leaving",
  version: 1,
  machine: setup({ actors: { slow: activity(), next: activity() } }).createMachine({
    initial: "busy",
    states: {
      busy: {
        invoke: { src: "slow", id: "slow", onDone: "wrong" },
        on: { leave: "left", again: { target: "busy", reenter: true } },
      },
      left: { invoke: { src: "next", id: "next", onDone: "done" } },
      wrong: { type: "final" },
      done: { type: "final" },
    },
  }) as unknown as AnyStateMachine,
};

test("promise 10: the result of an activity that the machine has left is refused", async () => {
  const slow = Promise.withResolvers<string>();
  const next = Promise.withResolvers<string>();
  const { engine, store } = await openHarness({
    workflows: [leaving],
    activities: { slow: { run: () => slow.promise }, next: { run: () => next.promise } },
  });
  const watcher = new Watcher();
  engine.start({ workflow: "leaving", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("slow");
  engine.signal({ jobId: "j", event: { type: "leave" } });
  await watcher.attempt("next");
  slow.resolve("too late");
  await quiet();
  expect(store.getActivity("j:1:0")).toMatchObject({ status: "cancelled", error: null });
  next.resolve("ok");
  await done;
  expect(statesOf(store)).toEqual(["busy", "left", "done"]);
});

test("promise 10: the result of an activity from before a state was entered anew is refused", async () => {
  const results: ((value: string) => void)[] = [];
  const reasons: unknown[] = [];
  const { engine, store } = await openHarness({
    workflows: [leaving],
    activities: {
      slow: {
        run: (_input, { signal }) => {
          signal.addEventListener("abort", () => reasons.push(signal.reason.reason));
          return new Promise((resolve) => results.push(resolve));
        },
      },
      next: { run: async () => null },
    },
  });
  const watcher = new Watcher();
  engine.start({ workflow: "leaving", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("slow");
  engine.signal({ jobId: "j", event: { type: "again" } });
  await watcher.until((update) => update.type === "attempt" && update.activity.effectId === "j:2:1");
  results[0]?.("from before");
  await quiet();
  expect(reasons).toEqual(["cancelled"]);
  expect(store.listActivities("j").map(({ effectId, status }) => [effectId, status])).toEqual([
    ["j:1:0", "cancelled"],
    ["j:2:1", "scheduled"],
  ]);
  engine.signal({ jobId: "j", event: { type: "leave" } });
  await watcher.state("done");
  results[1]?.("from before too");
  await done;
  expect(statesOf(store)).toEqual(["busy", "busy", "left", "done"]);
});

test("promise 10: a retry that was waited for does not start when the machine has left", async () => {
  const attempts: number[] = [];
  const { engine, clock } = await openHarness({
    workflows: [leaving],
    activities: {
      slow: {
        retry,
        run: async (_input, { attempt }) => {
          attempts.push(attempt);
          throw broken("no");
        },
      },
      next: { run: async () => null },
    },
  });
  const watcher = new Watcher();
  engine.start({ workflow: "leaving", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.retry("slow");
  engine.signal({ jobId: "j", event: { type: "leave" } });
  await watcher.state("left");
  clock.advance(10_000);
  expect(await done).toMatchObject({ status: "done" });
  expect(attempts).toEqual([1]);
});

test("an attempt that took too long is tried again as the policy says", async () => {
  const attempts: number[] = [];
  const { engine, clock } = await openHarness({
    workflows: [sequence("a")],
    activities: {
      a: {
        retry,
        startToCloseMs: 5000,
        run: (_input, context) => {
          attempts.push(context.attempt);
          return context.attempt === 1 ? untilStopped(context) : Promise.resolve("ok");
        },
      },
    },
  });
  const watcher = new Watcher();
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("a");
  await quiet();
  clock.advance(5000);
  await watcher.retry("a");
  clock.advance(1000);
  expect(await done).toMatchObject({ status: "done", output: ["ok"] });
  expect(attempts).toEqual([1, 2]);
});

test("whoever watches may stop the run at an attempt: it ends before its first word", async () => {
  const calls: string[] = [];
  const { engine, store } = await openHarness({
    workflows: [approval],
    activities: { ask: { run: async () => calls.push("ask") }, act: { run: async () => calls.push("act") } },
  });
  const stop = new AbortController();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const onUpdate = ({ type }: { readonly type: string }) => type === "attempt" && stop.abort();
  expect(await engine.run("j", { signal: stop.signal, onUpdate })).toMatchObject({ status: "running", lease: null });
  expect(calls).toEqual([]);
  expect(store.listActivities("j")).toMatchObject([{ name: "ask", status: "scheduled", attempt: 1 }]);
});
