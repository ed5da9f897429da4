/** Leases (promise 4): one owner at a time, and a higher epoch for each. */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import type { Owner, Store } from "../store.ts";
import { newJob, otherOwner, someOwner } from "../testing/samples.ts";

function take(store: Store, owner: Owner, now: number, isGone: (owner: Owner) => boolean = () => false) {
  return store.acquireLease({ jobId: "j", owner, now, ttlMs: 100, isGone });
}

export function describeLeases(open: OpenStore): void {
  test("promise 4: a job has one owner; who comes second learns who it is", async () => {
    const { store } = await open();
    store.createJob(newJob());
    expect(take(store, someOwner, 1000)).toEqual({ acquired: true, epoch: 1 });
    const lease = { owner: someOwner, epoch: 1, expiresAt: 1100 };
    expect(store.getJob("j")?.lease).toEqual(lease);
    expect(take(store, otherOwner, 1099)).toEqual({ acquired: false, heldBy: lease });
    expect(take(store, someOwner, 1099)).toEqual({ acquired: false, heldBy: lease });
    expect(store.getJob("j")?.lease).toEqual(lease);
  });

  test("promise 4: a lease that has run out is taken over, under a higher epoch", async () => {
    const { store } = await open();
    store.createJob(newJob());
    take(store, someOwner, 1000);
    expect(take(store, otherOwner, 1100)).toEqual({ acquired: true, epoch: 2 });
    expect(store.getJob("j")?.lease).toEqual({ owner: otherOwner, epoch: 2, expiresAt: 1200 });
  });

  test("promise 4: a dead owner's lease is taken over at once", async () => {
    const { store } = await open();
    store.createJob(newJob());
    take(store, someOwner, 1000);
    const asked: Owner[] = [];
    const isGone = (owner: Owner) => asked.push(owner) > 0;
    expect(take(store, otherOwner, 1001, isGone)).toEqual({ acquired: true, epoch: 2 });
    expect(asked).toEqual([someOwner]);
  });

  test("a released lease is free, and the epoch goes on rising", async () => {
    const { store } = await open();
    store.createJob(newJob());
    take(store, someOwner, 1000);
    store.releaseLease({ jobId: "j", epoch: 1 });
    expect(store.getJob("j")?.lease).toBeNull();
    expect(take(store, someOwner, 1001)).toEqual({ acquired: true, epoch: 2 });
  });

  test("a lease is renewed by its owner only", async () => {
    const { store } = await open();
    store.createJob(newJob());
    take(store, someOwner, 1000);
    expect(store.renewLease({ jobId: "j", epoch: 1, expiresAt: 5000 })).toBe(true);
    expect(store.getJob("j")?.lease?.expiresAt).toBe(5000);
    take(store, otherOwner, 5000);
    expect(store.renewLease({ jobId: "j", epoch: 1, expiresAt: 9000 })).toBe(false);
    expect(store.getJob("j")?.lease).toEqual({ owner: otherOwner, epoch: 2, expiresAt: 5100 });
    store.releaseLease({ jobId: "j", epoch: 2 });
    expect(store.renewLease({ jobId: "j", epoch: 2, expiresAt: 9000 })).toBe(false);
  });

  test("an earlier owner's release does not touch the lease of the next", async () => {
    const { store } = await open();
    store.createJob(newJob());
    take(store, someOwner, 1000);
    take(store, otherOwner, 1100);
    store.releaseLease({ jobId: "j", epoch: 1 });
    expect(store.getJob("j")?.lease?.owner).toEqual(otherOwner);
  });

  test("a job that does not exist cannot be owned", async () => {
    const { store } = await open();
    expect(() => take(store, someOwner, 1000)).toThrow("no job j");
  });
}
