/** One attempt: what the activity is given, what it may say while it runs, how it ends. */

import { expect, onTestFinished, test } from "vitest";
import { ActivityAborted, type ActivityContext } from "../core/activity.ts";
import { ManualClock } from "../core/clock.ts";
import { silentLogger } from "../core/log.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { acquire, activityOf, activityWrite, commitNext, otherOwner, startJob } from "../store/testing/samples.ts";
import { ActivityRun, type AttemptParams } from "./activity-run.ts";
import type { ActivityDefinition } from "./workflow.ts";

async function setUp() {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  startJob(store, [activityWrite()]);
  const clock = new ManualClock(10_000);
  const heard: unknown[] = [];
  const warnings: string[] = [];
  const start = (
    run: ActivityDefinition["run"],
    limits: Omit<ActivityDefinition, "run"> = {},
    over: Partial<AttemptParams> = {},
  ) =>
    new ActivityRun({
      activity: activityOf(store),
      definition: { run, ...limits },
      epoch: 1,
      store,
      clock,
      log: { ...silentLogger, warn: (message) => warnings.push(message) },
      redact: (text) => text,
      onHeartbeat: (details) => heard.push(details),
      onRefused: () => heard.push("refused"),
      holdsLease: () => true,
      ...over,
    });
  return { store, clock, heard, warnings, start };
}

/** Starts an activity that waits until it is told to stop, and gives its context while it waits. */
async function startWaiting(
  start: Awaited<ReturnType<typeof setUp>>["start"],
  limits: Omit<ActivityDefinition, "run"> = {},
) {
  const begun = Promise.withResolvers<ActivityContext>();
  const run = start((_input, context) => {
    begun.resolve(context);
    return new Promise((_resolve, reject) =>
      context.signal.addEventListener("abort", () => reject(context.signal.reason)),
    );
  }, limits);
  return { run, context: await begun.promise };
}

const reasonOf = (context: ActivityContext) => (context.signal.reason as ActivityAborted | undefined)?.reason;

test("an activity is given its input, and all that stays the same in every attempt", async () => {
  const { store, start } = await setUp();
  store.heartbeat({ effectId: "j:1:0", epoch: 1, attempt: 1, details: { thread: "t" }, now: 1 });
  store.beginAttempt({ effectId: "j:1:0", epoch: 1, attempt: 2 });
  let given: unknown;
  const run = start(async (input, { jobId, effectId, attempt, scheduledAt, lastHeartbeat }) => {
    given = { input, jobId, effectId, attempt, scheduledAt, lastHeartbeat };
  });
  expect(await run.end).toEqual({ type: "completed", output: null, artifacts: [] });
  expect(given).toEqual({
    input: { n: 1 },
    jobId: "j",
    effectId: "j:1:0",
    attempt: 2,
    scheduledAt: 2000,
    lastHeartbeat: { thread: "t" },
  });
});

test("an activity ends with its output and its artifacts, the last of each name", async () => {
  const { start } = await setUp();
  const run = start(async (_input, { putArtifact, getArtifact }) => {
    putArtifact("plan", { n: 1 });
    putArtifact("plan", { n: 2 });
    return { seen: getArtifact("plan") };
  });
  expect(await run.end).toEqual({
    type: "completed",
    output: { seen: { n: 2 } },
    artifacts: [{ name: "plan", content: { n: 2 } }],
  });
});

test("an activity reads the artifacts that were committed before", async () => {
  const { store, start } = await setUp();
  commitNext(store, { artifacts: [{ name: "plan", content: "committed" }] });
  const run = start(async (_input, { getArtifact }) => [getArtifact("plan"), getArtifact("other") ?? null]);
  expect(await run.end).toMatchObject({ output: ["committed", null] });
});

test("what an activity shows on its meters is kept at once", async () => {
  const { store, start } = await setUp();
  const usage = { inputTokens: 5, cachedInputTokens: 1, outputTokens: 2, reasoningOutputTokens: 0 };
  await start(async (_input, { recordUsage }) => recordUsage("thread", usage)).end;
  expect(store.getUsage("j")).toEqual(usage);
});

test("promise 11: a throw, sooner or later, is a failed attempt with the very error", async () => {
  const { start } = await setUp();
  const error = new Error("no");
  const failed = { type: "failed", error };
  expect(await start(() => Promise.reject(error)).end).toEqual(failed);
  const throwing = () => {
    throw error;
  };
  expect(await start(throwing).end).toEqual(failed);
});

test.each<[string, ActivityDefinition["run"], string]>([
  ["an output", async () => ({ at: new Date(0) }), "output of work.at is a Date"],
  [
    "an artifact",
    async (_: unknown, { putArtifact }: ActivityContext) => putArtifact("a", new Map() as never),
    "artifact a is a Map",
  ],
  [
    "a heartbeat",
    async (_: unknown, { heartbeat }: ActivityContext) => heartbeat({ n: Number.NaN }),
    "heartbeat.n is NaN",
  ],
])("%s that JSON cannot hold is a failed attempt", async (_name, run, message) => {
  const { start } = await setUp();
  const end = await start(run).end;
  expect(end).toMatchObject({ type: "failed", error: { message: expect.stringContaining(message) } });
});

test("heartbeats are written once a second, the newest of that second", async () => {
  const { store, clock, heard, start } = await setUp();
  const { run, context } = await startWaiting(start);
  const written = () => [activityOf(store).heartbeat, activityOf(store).heartbeatAt];
  context.heartbeat(1);
  expect(written()).toEqual([1, 10_000]);
  clock.advance(400);
  context.heartbeat(2);
  context.heartbeat(3);
  clock.advance(599);
  expect(written()).toEqual([1, 10_000]);
  clock.advance(1);
  expect(written()).toEqual([3, 11_000]);
  clock.advance(5000);
  context.heartbeat(4);
  expect(written()).toEqual([4, 16_000]);
  expect(heard).toEqual([1, 2, 3, 4]);
  run.abort("cancelled");
  await run.end;
});

test("the last heartbeat is on disk when the attempt ends", async () => {
  const { store, start } = await setUp();
  await start(async (_input, { heartbeat }) => {
    heartbeat(1);
    heartbeat(2);
  }).end;
  expect(activityOf(store).heartbeat).toBe(2);
});

test("a checkpoint is on disk when it resolves, whenever the last was", async () => {
  const { store, clock, start } = await setUp();
  const { run, context } = await startWaiting(start);
  context.heartbeat(1);
  context.heartbeat(2);
  await context.checkpoint(3);
  expect(activityOf(store).heartbeat).toBe(3);
  clock.advance(2000);
  expect(activityOf(store)).toMatchObject({ heartbeat: 3, heartbeatAt: 10_000 });
  run.abort("cancelled");
  await run.end;
});

test("an attempt that takes longer than it may is told to stop, and has failed in a way that may be tried again", async () => {
  const { clock, start } = await setUp();
  const { run, context } = await startWaiting(start, { startToCloseMs: 5000 });
  clock.advance(4999);
  expect(context.signal.aborted).toBe(false);
  clock.advance(1);
  expect(reasonOf(context)).toBe("timeout");
  expect(await run.end).toMatchObject({
    type: "failed",
    error: { code: "activity-timed-out", retryable: true, message: "work took longer than 5000 ms" },
  });
});

test("an attempt that was too late has failed, even if it gives a result after all", async () => {
  const { clock, start } = await setUp();
  const result = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const run = start(
    () => {
      begun.resolve();
      return result.promise;
    },
    { startToCloseMs: 5000 },
  );
  await begun.promise;
  clock.advance(5000);
  result.resolve("late");
  expect(await run.end).toMatchObject({ type: "failed", error: { code: "activity-timed-out" } });
});

test("an attempt that falls silent is told to stop; heartbeats and checkpoints keep it going", async () => {
  const { clock, start } = await setUp();
  const { run, context } = await startWaiting(start, { heartbeatTimeoutMs: 3000 });
  clock.advance(2999);
  context.heartbeat(1);
  clock.advance(2999);
  context.checkpoint(2);
  clock.advance(2999);
  expect(context.signal.aborted).toBe(false);
  clock.advance(1);
  expect(reasonOf(context)).toBe("timeout");
  expect(await run.end).toMatchObject({ type: "failed", error: { message: "work sent no heartbeat for 3000 ms" } });
});

test("limits end with the attempt", async () => {
  const { clock, start } = await setUp();
  let context: ActivityContext | undefined;
  const run = start(
    async (_input, given) => {
      context = given;
    },
    { startToCloseMs: 100, heartbeatTimeoutMs: 100 },
  );
  await run.end;
  clock.advance(1000);
  expect(context?.signal.aborted).toBe(false);
});

test.each(["cancelled", "shutdown", "lease-lost"] as const)(
  "who stops because of %s has nothing to report",
  async (reason) => {
    const { start } = await setUp();
    const { run, context } = await startWaiting(start);
    run.abort(reason);
    expect(context.signal.reason).toBeInstanceOf(ActivityAborted);
    expect(reasonOf(context)).toBe(reason);
    expect(await run.end).toEqual({ type: "aborted" });
  },
);

test("what was finished in spite of a stop is kept", async () => {
  const { start } = await setUp();
  const result = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const run = start(() => {
    begun.resolve();
    return result.promise;
  });
  await begun.promise;
  run.abort("shutdown");
  result.resolve("done");
  expect(await run.end).toMatchObject({ type: "completed", output: "done" });
});

test("an attempt that is stopped before its first moment never starts", async () => {
  const { start } = await setUp();
  let ran = false;
  const run = start(async () => {
    ran = true;
  });
  run.abort("shutdown");
  expect(await run.end).toEqual({ type: "aborted" });
  expect(ran).toBe(false);
});

test("time that passes while a stopped attempt cleans up is not its failure", async () => {
  const { clock, start } = await setUp();
  const cleaned = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const run = start(
    async (_input, { signal }) => {
      begun.resolve();
      await cleaned.promise;
      throw signal.reason;
    },
    { startToCloseMs: 100, heartbeatTimeoutMs: 100 },
  );
  await begun.promise;
  run.abort("shutdown");
  clock.advance(1000);
  cleaned.resolve();
  expect(await run.end).toEqual({ type: "aborted" });
});

test("promise 4: a heartbeat that is refused is told, and a checkpoint that is refused does not resolve", async () => {
  const { store, clock, heard, start } = await setUp();
  const { run, context } = await startWaiting(start);
  acquire(store, "j", otherOwner);
  context.heartbeat(1);
  expect(heard).toEqual([1, "refused"]);
  clock.advance(2000);
  await expect(context.checkpoint(2)).rejects.toThrow(ActivityAborted);
  expect(activityOf(store).heartbeat).toBeNull();
  run.abort("lease-lost");
  expect(await run.end).toEqual({ type: "aborted" });
});

test("a heartbeat that the store cannot write is no failure of the activity; a checkpoint is", async () => {
  const { store, warnings, start } = await setUp();
  const { run, context } = await startWaiting(start);
  store.close();
  context.heartbeat(1);
  expect(warnings).toEqual([expect.stringContaining("a heartbeat of work could not be written")]);
  await expect(context.checkpoint(2)).rejects.toThrow("not open");
  run.abort("cancelled");
  await run.end;
});
