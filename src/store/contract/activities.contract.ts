/** Activities: attempts, heartbeats, ends. Only the current attempt of the current owner is heard (promises 3, 10). */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import type { Store } from "../store.ts";
import { acquire, activityOf, activityWrite, commitNext, newStep, otherOwner, startJob } from "../testing/samples.ts";

const effectId = "j:1:0";
const error = { name: "Error", message: "no" };

function finish(store: Store, attempt: number, failed = false) {
  const cause = { type: "activity", effectId, invokeId: "w", attempt, error: failed ? error : null } as const;
  const { nextSeq, lease } = store.getJob("j") ?? {};
  return store.commit([newStep({ seq: nextSeq ?? 0, epoch: lease?.epoch ?? 0, at: 3000, cause })])[0];
}

export function describeActivities(open: OpenStore): void {
  test("an activity is kept as it was asked for", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    expect(store.getActivity(effectId)).toEqual({
      effectId,
      jobId: "j",
      actorId: "job",
      invokeId: "w",
      name: "work",
      input: { n: 1 },
      status: "scheduled",
      attempt: 1,
      failures: 0,
      scheduledAt: 2000,
      dueAt: 2000,
      heartbeat: null,
      heartbeatAt: null,
      finishedAt: null,
      error: null,
    });
  });

  test("activities are listed in the order in which they were asked for, also by their status", async () => {
    const { store } = await open();
    const ids = ["j:1:9", "j:1:10", "j:1:11"];
    startJob(
      store,
      ids.map((effectId) => activityWrite({ effectId, invokeId: effectId })),
    );
    // Of jobs whose ids begin in the same way.
    for (const jobId of ["j:1", "j-2", "i"]) startJob(store, [activityWrite({ effectId: `${jobId}:1:9` })], jobId);
    commitNext(store, { writes: [{ type: "stop", invokeId: "j:1:10", childId: "job/a" }] });
    const idsOf = (status?: "scheduled") =>
      store.listActivities("j", { ...(status && { status }) }).map(({ effectId }) => effectId);
    expect(idsOf()).toEqual(ids);
    expect(idsOf("scheduled")).toEqual(["j:1:9", "j:1:11"]);
    expect(store.listActivities("j", { status: "completed" })).toEqual([]);
  });

  test("promise 2: a finished activity is finished once", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    expect(finish(store, 1)).toBe("committed");
    expect(activityOf(store)).toMatchObject({ status: "completed", finishedAt: 3000, error: null });
    expect(finish(store, 1, true)).toBe("late");
    expect(activityOf(store).status).toBe("completed");
  });

  test("a failed activity keeps its error", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    expect(finish(store, 1, true)).toBe("committed");
    expect(activityOf(store)).toMatchObject({ status: "failed", finishedAt: 3000, error });
  });

  test("promise 3: the next attempt has the next number and the last heartbeat", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    expect(store.heartbeat({ effectId, epoch: 1, attempt: 1, details: { thread: "t" }, now: 2500 })).toBe(true);
    expect(store.beginAttempt({ effectId, epoch: 1, attempt: 2 })).toBe(true);
    expect(activityOf(store)).toMatchObject({ attempt: 2, failures: 0, heartbeat: { thread: "t" }, heartbeatAt: 2500 });
    expect(store.heartbeat({ effectId, epoch: 1, attempt: 2, details: null, now: 2600 })).toBe(true);
    expect(activityOf(store)).toMatchObject({ heartbeat: null, heartbeatAt: 2600 });
  });

  test("promise 10: what an earlier attempt says is refused", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    store.beginAttempt({ effectId, epoch: 1, attempt: 2 });
    expect(finish(store, 1)).toBe("late");
    expect(store.heartbeat({ effectId, epoch: 1, attempt: 1, details: 1, now: 1 })).toBe(false);
    expect(store.scheduleRetry({ effectId, epoch: 1, attempt: 1, dueAt: 1, error, isFailure: true })).toBe(false);
    for (const attempt of [1, 2, 4]) expect(store.beginAttempt({ effectId, epoch: 1, attempt })).toBe(false);
    expect(activityOf(store)).toMatchObject({ attempt: 2, status: "scheduled", heartbeat: null, failures: 0 });
    expect(finish(store, 2)).toBe("committed");
  });

  test("a failed attempt is counted, with its error and the time of the next", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    expect(store.scheduleRetry({ effectId, epoch: 1, attempt: 1, dueAt: 9000, error, isFailure: true })).toBe(true);
    expect(activityOf(store)).toMatchObject({ status: "scheduled", attempt: 1, failures: 1, dueAt: 9000, error });
    expect(store.beginAttempt({ effectId, epoch: 1, attempt: 2 })).toBe(true);
    expect(store.scheduleRetry({ effectId, epoch: 1, attempt: 2, dueAt: 9500, error, isFailure: true })).toBe(true);
    expect(activityOf(store)).toMatchObject({ attempt: 2, failures: 2, dueAt: 9500 });
    // A limit is waited for, and is no failure.
    store.beginAttempt({ effectId, epoch: 1, attempt: 3 });
    store.scheduleRetry({ effectId, epoch: 1, attempt: 3, dueAt: 9900, error, isFailure: false });
    expect(activityOf(store)).toMatchObject({ attempt: 3, failures: 2, dueAt: 9900 });
  });

  test("promise 4: an owner that has lost the job changes no activity of it", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    acquire(store, "j", otherOwner);
    const before = activityOf(store);
    expect(store.heartbeat({ effectId, epoch: 1, attempt: 1, details: 1, now: 1 })).toBe(false);
    expect(store.beginAttempt({ effectId, epoch: 1, attempt: 2 })).toBe(false);
    expect(store.scheduleRetry({ effectId, epoch: 1, attempt: 1, dueAt: 1, error, isFailure: true })).toBe(false);
    expect(activityOf(store)).toEqual(before);
  });

  test("nothing is said of an activity that has ended", async () => {
    const { store } = await open();
    startJob(store, [activityWrite()]);
    finish(store, 1);
    const before = activityOf(store);
    expect(store.heartbeat({ effectId, epoch: 1, attempt: 1, details: 1, now: 1 })).toBe(false);
    expect(store.beginAttempt({ effectId, epoch: 1, attempt: 2 })).toBe(false);
    expect(store.scheduleRetry({ effectId, epoch: 1, attempt: 1, dueAt: 1, error, isFailure: true })).toBe(false);
    expect(activityOf(store)).toEqual(before);
  });
}
