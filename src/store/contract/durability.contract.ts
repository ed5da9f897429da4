/** Stores on the same data, one after the other or side by side. */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import type { Store } from "../store.ts";
import {
  acquire,
  activityWrite,
  childWrite,
  commitNext,
  newStep,
  otherOwner,
  startJob,
  timerWrite,
} from "../testing/samples.ts";

async function openTwo(open: OpenStore): Promise<[Store, Store, () => Promise<Store>]> {
  const { store, reopen } = await open();
  if (!reopen) throw new Error("the store said that it is shared");
  return [store, await reopen(), reopen];
}

export function describeDurability(open: OpenStore): void {
  test("promise 1: everything committed is there after a reopen", async () => {
    const [first, second, reopen] = await openTwo(open);
    second.close();
    startJob(first, [activityWrite(), childWrite("job/c"), timerWrite("t", 5000)]);
    commitNext(first, { artifacts: [{ name: "plan", content: [1, 2] }] });
    first.heartbeat({ effectId: "j:1:0", epoch: 1, attempt: 1, details: { n: 1 }, now: 2100 });
    first.addSignal({ jobId: "j", id: "s", actorId: "job", event: { type: "go" }, now: 1 });
    const usage = { inputTokens: 1, cachedInputTokens: 2, outputTokens: 3, reasoningOutputTokens: 4 };
    first.recordUsage({ jobId: "j", epoch: 0, meter: "m", usage });
    const everything = (store: Store) => [
      store.getJob("j"),
      store.listActors("j"),
      store.listActivities("j"),
      store.listTimers("j"),
      store.listPendingSignals("j"),
      store.listHistory("j"),
      store.getArtifact("j", "plan"),
      store.getUsage("j"),
    ];
    const before = everything(first);
    first.close();
    expect(everything(await reopen())).toEqual(before);
  });

  test("promise 4: of two stores on the same data, the later owner's writes are taken and the earlier's refused", async () => {
    const [first, second] = await openTwo(open);
    startJob(first, [activityWrite()]);
    expect(second.getJob("j")?.nextSeq).toBe(2);
    expect(acquire(second, "j", otherOwner)).toBe(2);
    const cause = { type: "activity", effectId: "j:1:0", invokeId: "w", attempt: 1, error: null } as const;
    expect(first.commit([newStep({ seq: 2, cause })])).toEqual(["lease-lost"]);
    expect(first.heartbeat({ effectId: "j:1:0", epoch: 1, attempt: 1, details: 1, now: 1 })).toBe(false);
    expect(first.renewLease({ jobId: "j", epoch: 1, expiresAt: 1 })).toBe(false);
    expect(second.commit([newStep({ seq: 2, epoch: 2, cause })])).toEqual(["committed"]);
  });

  test("promise 6: a signal put in through one store is told to who listens on the other, and is there", async () => {
    const [first, second] = await openTwo(open);
    startJob(first);
    const told = Promise.withResolvers<void>();
    const end = first.onForeignCommit(told.resolve);
    second.addSignal({ jobId: "j", id: "s", actorId: "job", event: { type: "go" }, now: 1 });
    await told.promise;
    expect(first.listPendingSignals("j")).toMatchObject([{ id: "s" }]);
    end();
  });

  test("who listens is not told of the store's own commits, and after the end of nothing", async () => {
    const [first, second] = await openTwo(open);
    startJob(first);
    const heard: string[] = [];
    const told = Promise.withResolvers<void>();
    const endEarly = first.onForeignCommit(() => heard.push("ended early"));
    const end = first.onForeignCommit(() => {
      heard.push(first.getJob("j")?.nextSeq === 3 ? "after the own commit" : "too early");
      told.resolve();
    });
    endEarly();
    commitNext(first);
    // Turns of the event loop in which an own commit would have been told.
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(heard).toEqual([]);
    second.addSignal({ jobId: "j", id: "s", actorId: "job", event: { type: "go" }, now: 1 });
    await told.promise;
    expect(heard).toEqual(["after the own commit"]);
    end();
  });
}
