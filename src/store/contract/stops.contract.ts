/** Actors end with all they have, and nothing beside them is touched. */

import { expect, test } from "vitest";
import { effectId } from "../../core/ids.ts";
import type { OpenStore } from "../store.contract.ts";
import type { Store } from "../store.ts";
import { activityWrite, childWrite, commitNext, startJob, timerWrite } from "../testing/samples.ts";

/** Children `a`, `ab` and `a/x`; each actor has an activity, a timer and a signal of its own. */
function family(store: Store): void {
  startJob(store, [childWrite("job/a"), childWrite("job/ab")]);
  commitNext(store, { actorId: "job/a", writes: [childWrite("job/a/x")] });
  for (const [index, actorId] of ["job", "job/a", "job/ab", "job/a/x"].entries()) {
    const activity = activityWrite({ effectId: effectId("j", 3 + index, 0) });
    commitNext(store, { actorId, writes: [activity, timerWrite("t", 5000)] });
    store.addSignal({ jobId: "j", id: `to ${actorId}`, actorId, event: { type: "x" }, now: 1 });
  }
}

function alive(store: Store) {
  return {
    actors: store.listActors("j").flatMap(({ id, status }) => (status === "active" ? [id] : [])),
    activities: store.listActivities("j", { status: "scheduled" }).map(({ actorId }) => actorId),
    timers: store.listTimers("j").map(({ actorId }) => actorId),
    signals: store.listPendingSignals("j").map(({ actorId }) => actorId),
  };
}

export function describeStops(open: OpenStore): void {
  test("stopping a child ends it and everything below it, and nothing else", async () => {
    const { store } = await open();
    family(store);
    commitNext(store, { at: 7000, writes: [{ type: "stop", invokeId: "a", childId: "job/a" }] });
    const rest = ["job", "job/ab"];
    expect(alive(store)).toEqual({ actors: rest, activities: rest, timers: rest, signals: rest });
    expect(store.getActor("j", "job/a")).toMatchObject({ status: "stopped", updatedSeq: 7 });
    expect(store.getActivity("j:6:0")).toMatchObject({ status: "cancelled", finishedAt: 7000 });
  });

  test("stopping an activity ends that one only", async () => {
    const { store } = await open();
    startJob(store, [activityWrite(), activityWrite({ effectId: "j:1:1", invokeId: "v" })]);
    commitNext(store, { at: 7000, writes: [{ type: "stop", invokeId: "w", childId: "job/w" }] });
    expect(store.listActivities("j")).toMatchObject([
      { invokeId: "w", status: "cancelled", finishedAt: 7000 },
      { invokeId: "v", status: "scheduled", finishedAt: null },
    ]);
  });

  test("an activity whose end the step takes is not stopped by it, but what takes its place may be", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    const cause = { type: "activity", effectId: "j:1:0", invokeId: "w", attempt: 1, error: null } as const;
    const stop = { type: "stop", invokeId: "w", childId: "job/w" } as const;
    const again = (effectId: string) => activityWrite({ effectId });
    commitNext(store, { cause, at: 7000, writes: [{ ...stop }, again("j:2:0"), { ...stop }, again("j:2:1")] });
    expect(store.listActivities("j").map(({ effectId, status }) => [effectId, status])).toEqual([
      ["j:1:0", "completed"],
      ["j:2:0", "cancelled"],
      ["j:2:1", "scheduled"],
    ]);
  });

  test("what a step stops and starts again under the same id is started", async () => {
    const { store } = await open();
    startJob(store, [activityWrite(), childWrite("job/c"), timerWrite("t", 5000)]);
    commitNext(store, {
      writes: [
        { type: "stop", invokeId: "w", childId: "job/w" },
        { type: "stop", invokeId: "c", childId: "job/c" },
        { type: "cancel-timer", sendId: "t" },
        activityWrite({ effectId: "j:2:0" }),
        childWrite("job/c"),
        timerWrite("t", 8000),
      ],
    });
    expect(store.listActivities("j").map(({ status }) => status)).toEqual(["cancelled", "scheduled"]);
    expect(store.getActor("j", "job/c")).toMatchObject({ status: "active", snapshot: null, updatedSeq: 2 });
    expect(store.listTimers("j")).toMatchObject([{ fireAt: 8000 }]);
  });

  test("an actor that ends takes all it has with it", async () => {
    const { store } = await open();
    family(store);
    commitNext(store, { actorId: "job/a", actorStatus: "done", writes: [{ type: "stop-all" }] });
    const rest = ["job", "job/ab"];
    expect(alive(store)).toEqual({ actors: rest, activities: rest, timers: rest, signals: rest });
    expect(store.getActor("j", "job/a")?.status).toBe("done");
  });

  test("when the root ends, nothing of the job is left to do", async () => {
    const { store } = await open();
    family(store);
    const job = { status: "done", closed: true, output: null, error: null } as const;
    commitNext(store, { actorStatus: "done", writes: [{ type: "stop-all" }], job });
    expect(alive(store)).toEqual({ actors: [], activities: [], timers: [], signals: [] });
  });

  test("a child that has ended begins anew under its old id, and hears nothing that was said to the old one", async () => {
    const { store } = await open();
    startJob(store, [childWrite("job/c")]);
    commitNext(store, { actorId: "job/c", actorStatus: "done", writes: [{ type: "stop-all" }] });
    commitNext(store, { writes: [{ type: "signal", id: "j:3:0", actorId: "job/c", event: { type: "to the dead" } }] });
    commitNext(store, {
      writes: [childWrite("job/c"), { type: "signal", id: "j:4:1", actorId: "job/c", event: { type: "xstate.init" } }],
    });
    expect(store.getActor("j", "job/c")).toMatchObject({ status: "active", snapshot: null });
    expect(store.listPendingSignals("j")).toMatchObject([{ id: "j:4:1" }]);
  });
}
