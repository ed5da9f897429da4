/** Acts that share a transaction: each is done whole or fails by itself, and all of them are there at once. */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import { acquire, newJob, newStep, someOwner } from "../testing/samples.ts";

export function describeTogether(open: OpenStore): void {
  test("what is done together has its results, in order", async () => {
    const { store } = await open();
    const outcomes = store.together<unknown>([
      () => store.createJob(newJob({ id: "a" })),
      () => store.createJob(newJob({ id: "b" })),
      () => store.createJob(newJob({ id: "a" })),
      () => store.getJob("b")?.id,
    ]);
    expect(outcomes).toEqual([true, true, false, "b"].map((result) => ({ ok: true, result })));
    expect(store.together([])).toEqual([]);
  });

  test("an act that throws is undone alone, and tells why", async () => {
    const { store } = await open();
    const error = new Error("no");
    const outcomes = store.together([
      () => store.createJob(newJob({ id: "a" })),
      () => {
        store.createJob(newJob({ id: "b" }));
        throw error;
      },
      () => store.createJob(newJob({ id: "c" })),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(outcomes[1]).toEqual({ ok: false, error });
    expect(["a", "b", "c"].map((id) => store.getJob(id)?.id)).toEqual(["a", undefined, "c"]);
  });

  test("a commit, a lease and a refused step among them stand as they would alone", async () => {
    const { store } = await open();
    for (const id of ["a", "b"]) store.createJob(newJob({ id }));
    acquire(store, "a");
    const lease = { jobId: "b", owner: someOwner, now: 1500, ttlMs: 100, isGone: () => false };
    const outcomes = store.together<unknown>([
      () => store.commit([newStep({ jobId: "a" }), newStep({ jobId: "b", epoch: 7 })]),
      () => store.acquireLease(lease),
      () => store.renewLease({ jobId: "a", epoch: 9, expiresAt: 5000 }),
    ]);
    expect(outcomes.map((outcome) => outcome.ok && outcome.result)).toEqual([
      ["committed", "lease-lost"],
      { acquired: true, epoch: 1 },
      false,
    ]);
    expect(["a", "b"].map((id) => store.getJob(id)?.nextSeq)).toEqual([2, 1]);
    // The next write begins a transaction of its own.
    expect(store.createJob(newJob({ id: "c" }))).toBe(true);
  });
}
