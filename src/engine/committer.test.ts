/** Steps that are ready together share a transaction, and no step's fate is another's. */

import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../core/clock.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { acquire, newJob, newStep } from "../store/testing/samples.ts";
import { Committer } from "./committer.ts";
import { aroundCommit } from "./testing/failpoint.ts";

async function setUp({ isAlone = false } = {}) {
  const store = await openSqliteStore(":memory:");
  onTestFinished(() => store.close());
  for (const id of ["a", "b", "c"]) {
    store.createJob(newJob({ id }));
    acquire(store, id);
  }
  const clock = new ManualClock();
  const groups: number[] = [];
  const counting = aroundCommit(store, (steps, commit) => {
    groups.push(steps.length);
    return commit(steps);
  });
  return { store, clock, committer: new Committer(counting, clock, () => isAlone), groups };
}

const unwritable = newStep({ jobId: "b", artifacts: [1, 2].map((content) => ({ name: "twice", content })) });

test("steps of one turn of the event loop are one group, later ones another", async () => {
  const { committer, groups } = await setUp();
  const first = await Promise.all([
    committer.commit(newStep({ jobId: "a" })),
    committer.commit(newStep({ jobId: "b" })),
  ]);
  expect([first, groups]).toEqual([["committed", "committed"], [2]]);
  expect(await committer.commit(newStep({ jobId: "c", epoch: 9 }))).toBe("lease-lost");
  expect(groups).toEqual([2, 1]);
});

test("a job that runs alone does not wait for the turn's end, nor does it keep the event loop for itself", async () => {
  const { committer } = await setUp({ isAlone: true });
  const refused = newStep({ jobId: "a", epoch: 9 });
  let steps = 0;
  for (let turn = 1; turn <= 3; turn += 1) {
    let hasTurned = false;
    setImmediate(() => {
      hasTurned = true;
    });
    for (; !hasTurned; steps += 1) await committer.commit(refused);
  }
  expect(steps).toBeGreaterThan(3);
});

test("promise 1: a step's promise settles after the step is on disk, and not before", async () => {
  const { store, committer } = await setUp();
  const outcome = committer.commit(newStep({ jobId: "a" }));
  expect(store.getJob("a")?.nextSeq).toBe(1);
  await outcome;
  expect(store.getJob("a")?.nextSeq).toBe(2);
});

test("promise 11: a step that cannot be written fails alone", async () => {
  const { store, committer } = await setUp();
  const outcomes = await Promise.allSettled(
    [newStep({ jobId: "a" }), unwritable, newStep({ jobId: "c" })].map((step) => committer.commit(step)),
  );
  expect(outcomes).toMatchObject([
    { status: "fulfilled", value: "committed" },
    { status: "rejected", reason: { code: "database-failed", cause: { code: "SQLITE_CONSTRAINT_PRIMARYKEY" } } },
    { status: "fulfilled", value: "committed" },
  ]);
  expect(["a", "b", "c"].map((id) => store.getJob(id)?.nextSeq)).toEqual([2, 1, 2]);
});

test("promise 1: acts of one turn share a transaction; each settles after it, with its own end", async () => {
  const { store, committer } = await setUp();
  const first = committer.act(() => store.releaseLease({ jobId: "a", epoch: 1 }));
  const second = committer.act(() => {
    store.releaseLease({ jobId: "b", epoch: 1 });
    throw new Error("not that one");
  });
  expect(store.getJob("a")?.lease).not.toBeNull();
  await first;
  await expect(second).rejects.toThrow("not that one");
  expect(["a", "b"].map((id) => store.getJob(id)?.lease === null)).toEqual([true, false]);
});

test("a step that fails alone in its group is told so", async () => {
  const { committer } = await setUp();
  await expect(committer.commit(unwritable)).rejects.toThrow("UNIQUE");
});
