/** Promise 4: one owner, and an earlier owner that finds out. */

import { join } from "node:path";
import { expect, test } from "vitest";
import type { AbortReason } from "../core/activity.ts";
import { ManualClock } from "../core/clock.ts";
import type { Owner } from "../store/store.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { LEASE_TTL_MS } from "./lease.ts";
import { firstOwner, openHarness, quiet, secondOwner, statesOf, Watcher } from "./testing/harness.ts";
import { sequence } from "./testing/workflows.ts";
import type { ActivityDefinition } from "./workflow.ts";

/** Two engines on one file, each as its own process would be: with its own store, clock and name. */
async function openTwo(
  activities: readonly [ActivityDefinition, ActivityDefinition],
  isGone?: (owner: Owner) => boolean,
) {
  const path = join(temporaryFolder(), "orch.db");
  const shared = { path, workflows: [sequence("a", "b")] };
  const b = { run: async () => "b" };
  const first = await openHarness({ ...shared, owner: firstOwner, activities: { a: activities[0], b } });
  const second = await openHarness({
    ...shared,
    owner: secondOwner,
    clock: new ManualClock(),
    activities: { a: activities[1], b },
    ...(isGone && { isGone }),
  });
  first.engine.start({ workflow: "sequence", jobId: "j", input: null });
  const watcher = new Watcher();
  const firstRun = first.engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("a");
  return { first, second, firstRun, watcher };
}

/** Runs until it is told to stop, and notes why. */
function waiting(reasons: AbortReason[]): ActivityDefinition {
  return {
    run: (_input, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason.reason);
          reject(signal.reason);
        }),
      ),
  };
}

const quick: ActivityDefinition = { run: async (_input, { attempt }) => `attempt ${attempt}` };

test("promise 4: a job that runs is not taken from its owner", async () => {
  const result = Promise.withResolvers<string>();
  const { second, firstRun } = await openTwo([{ run: () => result.promise }, quick]);
  await expect(second.engine.run("j")).rejects.toMatchObject({
    code: "job-running-elsewhere",
    message: "job j is running already: process 1 on here has it",
  });
  result.resolve("mine");
  expect(await firstRun).toMatchObject({ status: "done", output: ["mine", "b"], lease: null });
});

test("promise 4: an engine does not run a job twice at a time either", async () => {
  const result = Promise.withResolvers<string>();
  const { first, firstRun } = await openTwo([{ run: () => result.promise }, quick]);
  await expect(first.engine.run("j")).rejects.toMatchObject({ code: "job-running-elsewhere" });
  result.resolve("once");
  expect(await firstRun).toMatchObject({ output: ["once", "b"] });
});

test("promise 4: an owner that renews its lease keeps it, however long it works", async () => {
  const result = Promise.withResolvers<string>();
  const { first, second, firstRun } = await openTwo([{ run: () => result.promise }, quick]);
  for (let n = 0; n < 5; n++) {
    first.clock.advance(LEASE_TTL_MS - 1);
    second.clock.advance(LEASE_TTL_MS - 1);
    await expect(second.engine.run("j")).rejects.toMatchObject({ code: "job-running-elsewhere" });
  }
  result.resolve("mine");
  expect(await firstRun).toMatchObject({ status: "done" });
});

test("promise 4: a dead owner's job is taken over at once", async () => {
  const asked: Owner[] = [];
  const reasons: AbortReason[] = [];
  const { second, firstRun, first } = await openTwo([waiting(reasons), quick], (owner) => {
    asked.push(owner);
    return true;
  });
  expect(await second.engine.run("j")).toMatchObject({ status: "done", output: ["attempt 2", "b"] });
  expect(asked).toEqual([firstOwner]);
  first.clock.advance(LEASE_TTL_MS / 3);
  await expect(firstRun).rejects.toMatchObject({ code: "lease-lost" });
  expect(reasons).toEqual(["lease-lost"]);
});

test("promise 4: who was paused for too long learns at its next commit that it lost the job, and writes nothing", async () => {
  const result = Promise.withResolvers<string>();
  const { first, second, firstRun } = await openTwo([{ run: () => result.promise }, quick]);
  // The first's clock stands still, as that of a stopped process.
  second.clock.advance(LEASE_TTL_MS);
  expect(await second.engine.run("j")).toMatchObject({ output: ["attempt 2", "b"] });
  const before = [second.store.getJob("j"), second.store.listHistory("j"), second.store.listActivities("j")];
  result.resolve("of the first");
  await expect(firstRun).rejects.toMatchObject({
    code: "lease-lost",
    message: "job j was taken over by another orchestrator; this one has stopped working on it",
  });
  expect([first.store.getJob("j"), first.store.listHistory("j"), first.store.listActivities("j")]).toEqual(before);
});

test("promise 4: the earlier owner's activities are told to stop because the lease is lost", async () => {
  const reasons: AbortReason[] = [];
  const { first, second, firstRun } = await openTwo([waiting(reasons), quick]);
  second.clock.advance(LEASE_TTL_MS);
  await second.engine.run("j");
  expect(reasons).toEqual([]);
  first.clock.advance(LEASE_TTL_MS / 3);
  await expect(firstRun).rejects.toMatchObject({ code: "lease-lost" });
  expect(reasons).toEqual(["lease-lost"]);
});

test("promise 4: a refused heartbeat tells the earlier owner too", async () => {
  const reasons: AbortReason[] = [];
  const beat = Promise.withResolvers<() => void>();
  const { second, firstRun } = await openTwo([
    {
      run: (input, context) => {
        beat.resolve(() => context.heartbeat("still here"));
        return waiting(reasons).run(input, context);
      },
    },
    quick,
  ]);
  second.clock.advance(LEASE_TTL_MS);
  await second.engine.run("j");
  (await beat.promise)();
  await expect(firstRun).rejects.toMatchObject({ code: "lease-lost" });
  expect(reasons).toEqual(["lease-lost"]);
});

test("promise 4: a checkpoint in an activity's first moment tells the earlier owner, and the activity stops there", async () => {
  const steps: string[] = [];
  const { first, second, firstRun } = await openTwo([
    {
      retry: { maximumAttempts: 2, initialIntervalMs: 0, backoffCoefficient: 1, maximumIntervalMs: 0 },
      run: async (_input, { checkpoint }) => {
        second.clock.advance(LEASE_TTL_MS);
        await new Promise<void>((resolve) => void second.engine.run("j", { onAcquired: resolve }));
        steps.push("begin");
        await checkpoint({ paid: false });
        steps.push("pay");
      },
    },
    { run: () => new Promise(() => {}) },
  ]);
  await expect(firstRun).rejects.toMatchObject({ code: "lease-lost" });
  expect(steps).toEqual(["begin"]);
  expect(first.store.getJob("j")?.lease?.owner).toEqual(secondOwner);
});

test("promise 4: the earlier owner's end does not release the lease of the next", async () => {
  const result = Promise.withResolvers<string>();
  const later = Promise.withResolvers<string>();
  const { first, second, firstRun } = await openTwo([{ run: () => result.promise }, { run: () => later.promise }]);
  second.clock.advance(LEASE_TTL_MS);
  const acquired = Promise.withResolvers<void>();
  const secondRun = second.engine.run("j", { onAcquired: acquired.resolve });
  await acquired.promise;
  result.resolve("of the first");
  await expect(firstRun).rejects.toMatchObject({ code: "lease-lost" });
  expect(first.store.getJob("j")?.lease).toMatchObject({ owner: secondOwner, epoch: 2 });
  later.resolve("of the second");
  expect(await secondRun).toMatchObject({ status: "done", output: ["of the second", "b"] });
  expect(statesOf(second.store)).toEqual(["a", "b", "done"]);
});

test("a run that is told to stop tells its activities that it is a shutdown, waits for them, and leaves the job free", async () => {
  const reasons: AbortReason[] = [];
  const cleaned = Promise.withResolvers<void>();
  const { engine, store } = await openHarness({
    workflows: [sequence("a")],
    activities: {
      a: {
        run: async (input, context) => {
          await Promise.resolve(waiting(reasons).run(input as never, context)).catch(() => cleaned.promise);
          throw context.signal.reason;
        },
      },
    },
  });
  const watcher = new Watcher();
  const stop = new AbortController();
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  let ended = false;
  const run = engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate }).finally(() => {
    ended = true;
  });
  await watcher.attempt("a");
  await quiet();
  stop.abort();
  await quiet();
  expect([reasons, ended]).toEqual([["shutdown"], false]);
  cleaned.resolve();
  expect(await run).toMatchObject({ status: "running", closed: false, lease: null });
  expect(store.getActivity("j:1:0")).toMatchObject({ status: "scheduled", failures: 0, error: null });
});
