/** Steps (promise 1): all of a step is written, or nothing; each step of a group is taken or refused by itself. */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import type { Step, Store } from "../store.ts";
import {
  acquire,
  activityWrite,
  childWrite,
  commitNext,
  newJob,
  newStep,
  startJob,
  timerWrite,
} from "../testing/samples.ts";

/** Everything that a step could have changed. */
function everything(store: Store, jobId = "j") {
  return {
    job: store.getJob(jobId),
    actors: store.listActors(jobId),
    activities: store.listActivities(jobId),
    timers: store.listTimers(jobId),
    signals: store.listPendingSignals(jobId),
    history: store.listHistory(jobId),
    artifact: store.getArtifact(jobId, "plan"),
  };
}

/** A step that writes everywhere. */
const fullStep = (over: Partial<Step> = {}): Step =>
  newStep({
    effects: [{ type: "emit", event: { type: "x" } }],
    writes: [
      activityWrite(),
      childWrite("job/c"),
      { type: "signal", id: "j:1:1", actorId: "job/c", event: { type: "xstate.init", input: 1 } },
      timerWrite("t", 5000),
    ],
    artifacts: [{ name: "plan", content: { n: 1 } }],
    job: { status: "waiting", closed: false, output: null, error: null },
    ...over,
  });

export function describeCommits(open: OpenStore): void {
  test("promise 1: a step is written whole", async () => {
    const { store } = await open();
    store.createJob(newJob());
    acquire(store);
    expect(store.commit([fullStep()])).toEqual(["committed"]);
    const { job, actors, activities, timers, signals, history, artifact } = everything(store);
    expect(job).toMatchObject({ status: "waiting", nextSeq: 2, updatedAt: 2000, createdAt: 1000 });
    expect(actors).toMatchObject([
      { id: "job", snapshot: '{"value":"a"}', status: "active", updatedSeq: 1 },
      { id: "job/c", workflow: "child", snapshot: null, status: "active", updatedSeq: 1 },
    ]);
    expect(activities).toMatchObject([{ effectId: "j:1:0", status: "scheduled" }]);
    expect(timers).toEqual([{ jobId: "j", actorId: "job", sendId: "t", event: { type: "t" }, fireAt: 5000 }]);
    expect(signals).toMatchObject([
      { id: "j:1:1", actorId: "job/c", event: { input: 1 }, external: false, createdAt: 2000 },
    ]);
    expect(history).toEqual([
      {
        jobId: "j",
        seq: 1,
        actorId: "job",
        event: { type: "xstate.init" },
        state: "a",
        snapshotHash: "snapshot-hash",
        effects: [{ type: "emit", event: { type: "x" } }],
        at: 2000,
      },
    ]);
    expect(artifact).toEqual({ name: "plan", seq: 1, content: { n: 1 } });
  });

  test.each<[string, Partial<Step>]>([
    ["another owner's epoch", { epoch: 2 }],
    ["a history number that is taken", { seq: 0 }],
    ["a history number that is not next", { seq: 2 }],
    ["a job that does not exist", { jobId: "k" }],
  ])("promise 4: a step with %s is refused, and leaves no trace", async (_name, over) => {
    const { store } = await open();
    store.createJob(newJob());
    acquire(store);
    const before = everything(store);
    expect(store.commit([fullStep(over)])).toEqual(["lease-lost"]);
    expect(everything(store)).toEqual(before);
  });

  test.each<[string, Step["cause"]]>([
    ["a signal that was delivered", { type: "signal", id: "init" }],
    ["a signal that never was", { type: "signal", id: "what" }],
    ["a timer that is not set", { type: "timer", sendId: "what" }],
    ["another actor's timer", { type: "timer", sendId: "of-child" }],
    ["an activity that does not exist", { type: "activity", effectId: "what", invokeId: "w", attempt: 1, error: null }],
    [
      "an attempt that is not the current one",
      { type: "activity", effectId: "j:1:0", invokeId: "w", attempt: 2, error: null },
    ],
  ])("promise 10: a step caused by %s comes too late, and leaves no trace", async (_name, cause) => {
    const { store } = await open();
    startJob(store, [activityWrite(), childWrite("job/c")]);
    commitNext(store, { actorId: "job/c", writes: [timerWrite("of-child", 5000)] });
    const before = everything(store);
    expect(store.commit([fullStep({ seq: 3, cause })])).toEqual(["late"]);
    expect(everything(store)).toEqual(before);
  });

  test("a timer is used up by the step that it causes", async () => {
    const { store } = await open();
    startJob(store, [timerWrite("t", 5000)]);
    const step = newStep({ seq: 2, cause: { type: "timer", sendId: "t" } });
    expect(store.commit([step])).toEqual(["committed"]);
    expect(store.listTimers("j")).toEqual([]);
    expect(store.commit([{ ...step, seq: 3 }])).toEqual(["late"]);
  });

  test("in a group each job's step is taken or refused by itself", async () => {
    const { store } = await open();
    for (const id of ["a", "b", "c", "d"]) {
      store.createJob(newJob({ id }));
      acquire(store, id);
    }
    const outcomes = store.commit([
      newStep({ jobId: "a" }),
      newStep({ jobId: "b", epoch: 7, writes: [timerWrite("t", 1)] }),
      newStep({ jobId: "c", cause: { type: "timer", sendId: "what" }, writes: [timerWrite("t", 1)] }),
      newStep({ jobId: "d" }),
    ]);
    expect(outcomes).toEqual(["committed", "lease-lost", "late", "committed"]);
    expect(["a", "b", "c", "d"].map((id) => store.getJob(id)?.nextSeq)).toEqual([2, 1, 1, 2]);
    expect(["b", "c"].flatMap((id) => [...store.listTimers(id), ...store.listHistory(id)])).toEqual([]);
  });

  test("if a step cannot be written at all, nothing of its group is", async () => {
    const { store } = await open();
    for (const id of ["a", "b"]) {
      store.createJob(newJob({ id }));
      acquire(store, id);
    }
    const before = [everything(store, "a"), everything(store, "b")];
    const twice = [1, 2].map((content) => ({ name: "plan", content }));
    expect(() => store.commit([newStep({ jobId: "a" }), newStep({ jobId: "b", artifacts: twice })])).toThrow();
    expect([everything(store, "a"), everything(store, "b")]).toEqual(before);
    expect(store.commit([newStep({ jobId: "a" })])).toEqual(["committed"]);
  });

  test("a group of no steps has no outcomes", async () => {
    const { store } = await open();
    expect(store.commit([])).toEqual([]);
  });

  test("what is said of a job changes only when a step says so", async () => {
    const { store } = await open();
    startJob(store);
    const error = { name: "Error", message: "no", code: "some-code" };
    commitNext(store, { job: { status: "failed", closed: false, output: null, error } });
    expect(store.getJob("j")).toMatchObject({ status: "failed", closed: false, output: null, error });
    commitNext(store);
    expect(store.getJob("j")).toMatchObject({ status: "failed", error });
    commitNext(store, { job: { status: "done", closed: true, output: { sum: 3 }, error: null } });
    expect(store.getJob("j")).toMatchObject({ status: "done", closed: true, output: { sum: 3 }, error: null });
  });

  test("a timer set again under its name takes the new time and event; a cancelled one is gone", async () => {
    const { store } = await open();
    startJob(store, [timerWrite("t", 5000), timerWrite("u", 3000), childWrite("job/c")]);
    commitNext(store, { actorId: "job/c", writes: [timerWrite("t", 4000)] });
    const again = { ...timerWrite("t", 9000), event: { type: "changed" } } as Step["writes"][number];
    commitNext(store, { writes: [again, { type: "cancel-timer", sendId: "u" }] });
    expect(store.listTimers("j")).toMatchObject([
      { actorId: "job/c", sendId: "t", fireAt: 4000, event: { type: "t" } },
      { actorId: "job", sendId: "t", fireAt: 9000, event: { type: "changed" } },
    ]);
  });
}
