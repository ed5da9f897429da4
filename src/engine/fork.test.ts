/** Promise 9: a new job can begin from any point of another's history, with what was paid up to there reused. */

import { expect, test } from "vitest";
import { type AnyStateMachine, assign, setup } from "xstate";
import { ManualClock } from "../core/clock.ts";
import type { Json } from "../core/json.ts";
import type { Store, WholeJob } from "../store/store.ts";
import { forkJob } from "./fork.ts";
import { Registry } from "./registry.ts";
import { replay } from "./replay.ts";
import { activity } from "./testing/activity.ts";
import { crashActivities, crashJobOutput, crashWorkflows } from "./testing/crash-workflow.ts";
import { expectNothingLeft, openHarness, Watcher } from "./testing/harness.ts";
import { approval, sequence } from "./testing/workflows.ts";
import type { ActivityDefinition, Workflow } from "./workflow.ts";

type Activities = Readonly<Record<string, ActivityDefinition>>;

interface Forking {
  readonly store: Store;
  readonly workflows: readonly Workflow[];
  readonly activities: Activities;
  readonly at: number;
  readonly jobId?: string;
  readonly newJobId?: string;
  readonly now?: number;
}

/** Every word that is the old job's id becomes the new one's. */
const renaming =
  (from: string, to: string) =>
  (value: Json): Json =>
    JSON.parse(JSON.stringify(value).replaceAll(`"${from}"`, `"${to}"`)) as Json;

function fork({ store, workflows, activities, at, jobId = "j", newJobId = "f", now = 5_000_000 }: Forking) {
  const job = store.getJob(jobId);
  if (!job) throw new Error(`no job ${jobId}`);
  return forkJob({
    job,
    history: store.listHistory(jobId),
    artifacts: store.listArtifacts(jobId),
    registry: new Registry(workflows, activities),
    at,
    newJobId,
    rewrite: renaming(jobId, newJobId),
    labels: { forkedFrom: jobId },
    now,
  });
}

const rowsOf = (store: Store, jobId: string) =>
  JSON.stringify([
    store.getJob(jobId),
    store.listActors(jobId),
    store.listHistory(jobId),
    store.listActivities(jobId),
    store.listTimers(jobId),
    store.listPendingSignals(jobId),
    store.listArtifacts(jobId),
    store.getUsage(jobId),
  ]);

test("promise 9: forked at any point, what had finished is reused, the rest is done, and the end is the same", async () => {
  const calls: string[] = [];
  const act = (name: string): ActivityDefinition => ({
    run: async (_input, { jobId, attempt, lastHeartbeat, heartbeat, putArtifact }) => {
      calls.push(`${jobId} ${name} ${attempt} ${lastHeartbeat ?? "-"}`);
      heartbeat("beat");
      putArtifact("made", name);
      return `${name} done`;
    },
  });
  const activities = { a: act("a"), b: act("b"), c: act("c") };
  const workflows = [sequence("a", "b", "c")];
  const { engine, store } = await openHarness({ workflows, activities });
  engine.start({ workflow: "sequence", jobId: "j", input: { jobId: "j" } });
  const old = await engine.run("j");
  const before = rowsOf(store, "j");

  for (const at of [1, 2, 3]) {
    const newJobId = `f${at}`;
    calls.length = 0;
    expect(store.insertJob(fork({ store, workflows, activities, at, newJobId }).whole)).toBe(true);
    expect(store.getArtifact(newJobId, "made")?.content).toBe([undefined, "a", "b"][at - 1]);
    expect(store.getJob(newJobId)).toMatchObject({
      input: { jobId: newJobId },
      labels: { forkedFrom: "j" },
      createdAt: 5_000_000,
    });
    const job = await engine.run(newJobId);
    expect(job.output).toEqual(old.output);
    // A first attempt, which knows nothing of the old job's.
    expect(calls).toEqual(["a", "b", "c"].slice(at - 1).map((name) => `${newJobId} ${name} 1 -`));
    expect(replay(store.listHistory(newJobId), new Registry(workflows, activities))).toEqual({
      same: 4,
      divergence: null,
    });
    expectNothingLeft(store, newJobId);
  }
  expect(rowsOf(store, "j")).toBe(before);
});

test("promise 9: children, timers and what actors tell each other are as they were at the point", async () => {
  const activities = crashActivities("/dev/null", () => {});
  const workflows = crashWorkflows;
  const clock = new ManualClock();
  const { engine, store } = await openHarness({ workflows, activities, clock });
  engine.start({ workflow: "trip", jobId: "j", input: null });
  engine.signal({ jobId: "j", event: { type: "approve" }, id: "approve" });
  const ticking = setInterval(() => clock.advance(1000), 1);
  await engine.run("j");
  const before = rowsOf(store, "j");
  const end = store.listHistory("j").length;
  for (let at = 1; at < end; at++) {
    const newJobId = `f${at}`;
    const { whole } = fork({ store, workflows, activities, at, newJobId, now: clock.now() });
    expect(store.insertJob(whole)).toBe(true);
    // What the old job was told from outside after the point, the new one is not.
    engine.signal({ jobId: newJobId, event: { type: "approve" } });
    const job = await engine.run(newJobId);
    expect(job, `forked at ${at}`).toMatchObject({ status: "done", output: crashJobOutput });
    expectNothingLeft(store, newJobId);
    const history = store.listHistory(newJobId);
    expect(replay(history, new Registry(workflows, activities)).divergence).toBeNull();
    expect(history.slice(0, at).map(({ event }) => event)).toEqual(
      store.listHistory("j", { limit: at }).map(({ event }) => event),
    );
  }
  clearInterval(ticking);
  expect(rowsOf(store, "j")).toBe(before);
});

test("promise 9: the rows of a fork are those that the job itself had at that point", async () => {
  const activities = crashActivities("/dev/null", () => {});
  const workflows = crashWorkflows;
  const clock = new ManualClock();
  const { engine, store } = await openHarness({ workflows, activities, clock });
  engine.start({ workflow: "trip", jobId: "j", input: null });
  engine.signal({ jobId: "j", event: { type: "approve" }, id: "approve" });
  const seen: { at: number; open: unknown }[] = [];
  const ticking = setInterval(() => clock.advance(1000), 1);
  await engine.run("j", {
    onUpdate: (update) => {
      if (update.type === "step") seen.push({ at: update.step.seq, open: openOf(update.step.at, recordsOf(store)) });
    },
  });
  clearInterval(ticking);
  expect(seen.length).toBeGreaterThan(8);
  for (const { at, open } of seen.slice(0, -1)) {
    const { whole } = fork({ store, workflows, activities, at, now: 7 });
    expect(openOf(7, whole), `entry ${at}`).toEqual(open);
  }
});

function recordsOf(store: Store): Pick<WholeJob, "actors" | "activities" | "timers" | "signals"> {
  return {
    actors: store.listActors("j"),
    activities: store.listActivities("j", { status: "scheduled" }),
    timers: store.listTimers("j"),
    signals: store.listPendingSignals("j").filter(({ external }) => !external),
  };
}

/** What is open, without what differs between a job and its fork. Timers by the time that they still have. */
function openOf(now: number, records: ReturnType<typeof recordsOf>) {
  const name = (id: string) => id.replace(/^[jf]:/, "");
  return {
    actors: records.actors.map(({ jobId: _, ...actor }) => actor).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    activities: records.activities.map(({ effectId, actorId, invokeId, name: activityName, input }) => [
      name(effectId),
      actorId,
      invokeId,
      activityName,
      input,
    ]),
    timers: records.timers
      .map(({ actorId, sendId, event, fireAt }) => [actorId, name(sendId), event, Math.max(0, fireAt - now)])
      .toSorted(),
    signals: records.signals.map(({ id, actorId, event }) => [name(id), actorId, event]),
  };
}

test("promise 9: a timer has as long to run in the fork as it had at the point", async () => {
  const machine = setup({
    types: { context: {} as { rang: boolean; heard: boolean } },
    actors: { work: activity() },
    actions: { ring: assign({ rang: true }), hear: assign({ heard: true }) },
  }).createMachine({
    id: "alarm",
    context: { rang: false, heard: false },
    initial: "waiting",
    states: {
      waiting: { after: { 60000: { target: "done", actions: "ring" } }, on: { go: { actions: "hear" } } },
      done: { type: "final" },
    },
    output: ({ context }) => context.rang,
  });
  const workflows = [{ name: "alarm", version: 1, machine: machine as unknown as AnyStateMachine }];
  const activities = { work: { run: async () => null } };
  const { engine, store, clock } = await openHarness({ workflows, activities });
  engine.start({ workflow: "alarm", jobId: "j", input: null });
  const watcher = new Watcher();
  const run = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  clock.advance(45_000);
  engine.signal({ jobId: "j", event: { type: "go" } });
  await watcher.until((update) => update.type === "step" && update.step.seq === 2);
  clock.advance(3_600_000);
  await run;

  const whole = fork({ store, workflows, activities, at: 2, now: clock.now() }).whole;
  expect(whole.timers.map(({ fireAt }) => fireAt - clock.now())).toEqual([15_000]);
});

test("promise 9: a job that waits, or was paused, is forked while it runs; the fork is not paused", async () => {
  const activities = { ask: { run: async () => "asked" }, act: { run: async () => "acted" } };
  const workflows = [approval];
  const { engine, store } = await openHarness({ workflows, activities });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  const waiting = fork({ store, workflows, activities, at: 2 }).whole;
  expect(waiting.job.status).toBe("waiting");
  expect(store.getJob("j")?.lease).not.toBeNull();
  engine.signal({ jobId: "j", event: { type: "orch.pause" } });
  expect(await run).toMatchObject({ status: "paused" });

  const { whole } = fork({ store, workflows, activities, at: 3 });
  expect(whole.job.status).toBe("waiting");
  store.insertJob(whole);
  engine.signal({ jobId: "f", event: { type: "approve" } });
  expect(await engine.run("f")).toMatchObject({ status: "done", output: ["asked", "acted"] });
  expect(store.getJob("j")).toMatchObject({ status: "paused" });
});

test("promise 9: a fork of a fork goes on as well", async () => {
  const activities = { a: { run: async () => 1 }, b: { run: async () => 2 }, c: { run: async () => 3 } };
  const workflows = [sequence("a", "b", "c")];
  const { engine, store } = await openHarness({ workflows, activities });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  await engine.run("j");
  store.insertJob(fork({ store, workflows, activities, at: 3 }).whole);
  store.insertJob(fork({ store, workflows, activities, at: 2, jobId: "f", newJobId: "g" }).whole);
  expect(await engine.run("g")).toMatchObject({ status: "done", output: [1, 2, 3] });
});

test("promise 9: a point that is not there, and the end of a job, are wrong usage", async () => {
  const activities = { a: { run: async () => 1 } };
  const workflows = [sequence("a")];
  const { engine, store } = await openHarness({ workflows, activities });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const at = (point: number) => () => fork({ store, workflows, activities, at: point });
  expect(at(1)).toThrow(expect.objectContaining({ name: "UsageError", code: "point-unknown" }));
  await engine.run("j");
  for (const point of [0, 3, 99]) {
    expect(at(point)).toThrow(expect.objectContaining({ name: "UsageError", code: "point-unknown" }));
  }
  expect(at(2)).toThrow(expect.objectContaining({ name: "UsageError", code: "point-is-end" }));
});

test("promise 9: a workflow that is gone, or leads elsewhere today, cannot be forked, and says so", async () => {
  const activities = { a: { run: async () => 1 }, b: { run: async () => 2 } };
  const workflows = [sequence("a", "b")];
  const { engine, store } = await openHarness({ workflows, activities });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  await engine.run("j");
  const gone = [{ ...sequence("a"), version: 2 }];
  expect(() => fork({ store, workflows: gone, activities, at: 1 })).toThrow(
    expect.objectContaining({ code: "workflow-gone" }),
  );
  const changed = [sequence("b", "a")];
  expect(() => fork({ store, workflows: changed, activities, at: 1 })).toThrow(
    expect.objectContaining({ code: "workflow-changed" }),
  );
});
