/** Promise 4: leases are renewed while jobs run, together, and whoever has lost one learns it. */

import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../core/clock.ts";
import { OrchError } from "../core/errors.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { newJob, otherOwner, someOwner } from "../store/testing/samples.ts";
import { LEASE_TTL_MS, LeaseKeeper } from "./lease.ts";

async function setUp() {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  const clock = new ManualClock();
  const groups: number[] = [];
  let failure: unknown;
  const watched = new Proxy<Store>(store, {
    get(target, name) {
      if (name === "together") {
        return (acts: readonly (() => unknown)[]) => {
          groups.push(acts.length);
          if (failure) throw failure;
          return target.together(acts);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const keeper = new LeaseKeeper(watched, clock);
  const told: string[] = [];
  const keep = (jobId: string) => {
    store.createJob(newJob({ id: jobId }));
    const taken = { jobId, owner: someOwner, now: clock.now(), ttlMs: LEASE_TTL_MS, isGone: () => false };
    store.acquireLease(taken);
    const holder = {
      ...{ jobId, epoch: 1 },
      onLeaseLost: () => told.push(`${jobId} lost`),
      onLeaseError: () => told.push(`${jobId} not renewed`),
    };
    return keeper.keep(holder, clock.now() + LEASE_TTL_MS);
  };
  const expiry = (jobId: string) => (store.getJob(jobId)?.lease?.expiresAt ?? 0) - clock.now();
  const fail = (error: unknown) => {
    failure = error;
  };
  return { store, clock, groups, told, keep, expiry, fail };
}

test("promise 4: the leases of all jobs that run are renewed in one transaction, before they run out", async () => {
  const { clock, groups, keep, expiry } = await setUp();
  const leases = ["a", "b", "c"].map(keep);
  clock.advance(10 * LEASE_TTL_MS);
  for (const id of ["a", "b", "c"]) expect(expiry(id)).toBeGreaterThan(0);
  expect(leases.every((lease) => lease.holds())).toBe(true);
  expect(new Set(groups)).toEqual(new Set([3]));
  leases[1]?.end();
  groups.length = 0;
  clock.advance(LEASE_TTL_MS);
  expect(new Set(groups)).toEqual(new Set([2]));
});

test("promise 4: one that was taken over is told as lost, once; the others stay", async () => {
  const { store, clock, told, keep, expiry } = await setUp();
  const [lost, kept] = [keep("a"), keep("b")];
  store.acquireLease({ jobId: "a", owner: otherOwner, now: clock.now(), ttlMs: 1e9, isGone: () => true });
  clock.advance(3 * LEASE_TTL_MS);
  expect(told).toEqual(["a lost"]);
  expect([lost.holds(), kept.holds()]).toEqual([false, true]);
  expect(expiry("b")).toBeGreaterThan(0);
});

test("a store that is busy is asked again before the leases run out", async () => {
  const { clock, told, keep, expiry, fail } = await setUp();
  const lease = keep("a");
  fail(new OrchError("it is busy", { code: "database-busy" }));
  clock.advance(LEASE_TTL_MS / 2);
  expect(told.length).toBeGreaterThan(1);
  expect(new Set(told)).toEqual(new Set(["a not renewed"]));
  fail(undefined);
  clock.advance(LEASE_TTL_MS / 10);
  expect(expiry("a")).toBeGreaterThan(LEASE_TTL_MS / 2);
  expect(lease.holds()).toBe(true);
});

test("who stood still for longer than a lease lasts asks the store, and keeps what nobody has taken", async () => {
  const { store, clock, told, keep, fail } = await setUp();
  const [free, taken] = [keep("a"), keep("b")];
  fail(new Error("it cannot be written"));
  clock.advance(2 * LEASE_TTL_MS);
  store.acquireLease({ jobId: "b", owner: otherOwner, now: clock.now(), ttlMs: 1e9, isGone: () => false });
  told.length = 0;
  expect([free.holds(), taken.holds()]).toEqual([true, false]);
  expect(told).toEqual(["b lost"]);
});

test("when nothing is kept any more no timer is left", async () => {
  const { clock, groups, keep } = await setUp();
  for (const lease of [keep("a"), keep("b")]) lease.end();
  clock.advance(10 * LEASE_TTL_MS);
  expect(groups).toEqual([]);
  keep("c");
  clock.advance(LEASE_TTL_MS);
  expect(groups.length).toBeGreaterThan(0);
});
