/** Jobs that are put in their place with a past: whole, or not at all. */

import { expect, test } from "vitest";
import { noUsage } from "../../core/usage.ts";
import type { OpenStore } from "../store.contract.ts";
import type { Store, WholeJob } from "../store.ts";
import { acquire, newJob, newStep, someWhole } from "../testing/samples.ts";

const all = (store: Store, jobId: string) => ({
  job: store.getJob(jobId),
  actors: store.listActors(jobId),
  history: store.listHistory(jobId),
  activities: store.listActivities(jobId),
  timers: store.listTimers(jobId),
  signals: store.listPendingSignals(jobId),
  artifacts: store.listArtifacts(jobId),
});

export function describeWholeJobs(open: OpenStore): void {
  test("a whole job is there with all that it was given, and nobody has it", async () => {
    const { store } = await open();
    const whole = someWhole();
    expect(store.insertJob(whole)).toBe(true);
    expect(all(store, "w")).toEqual({ ...whole, job: { ...whole.job, lease: null } });
    expect(store.getArtifact("w", "plan")).toEqual({ name: "plan", seq: 2, content: { n: 2 } });
    expect(store.getUsage("w")).toEqual(noUsage);
  });

  test("a whole job goes on as any other: its activity ends, its timer fires, its signal is taken", async () => {
    const { store } = await open();
    store.insertJob(someWhole());
    const epoch = acquire(store, "w");
    expect(store.beginAttempt({ effectId: "w:2:0", epoch, attempt: 1 })).toBe(true);
    const step = (seq: number, cause: Parameters<typeof newStep>[0]) =>
      store.commit([newStep({ jobId: "w", epoch, seq, event: { type: "go" }, ...cause })])[0];
    const activity = { type: "activity", effectId: "w:2:0", invokeId: "w", attempt: 1, error: null } as const;
    expect(step(2, { cause: activity })).toBe("lease-lost");
    expect(step(3, { cause: activity })).toBe("committed");
    expect(step(4, { cause: { type: "timer", sendId: "t" } })).toBe("committed");
    expect(step(5, { cause: { type: "signal", id: "w:2:1" } })).toBe("committed");
    expect(step(6, { cause: activity })).toBe("late");
    expect(store.listPendingSignals("w").map(({ id }) => id)).toEqual(["w:2:2"]);
  });

  test("a whole job does not take the place of one that is there", async () => {
    const { store } = await open();
    store.createJob(newJob({ id: "w" }));
    const before = all(store, "w");
    expect(store.insertJob(someWhole())).toBe(false);
    expect(all(store, "w")).toEqual(before);
  });

  test.each<[string, (whole: WholeJob) => Partial<WholeJob>]>([
    ["twice the same artifact", ({ artifacts: [first] }) => ({ artifacts: first ? [first, first] : [] })],
    ["an activity that nothing scheduled", ({ history: [first] }) => ({ history: first ? [first] : [] })],
  ])("of a whole job that cannot be kept, nothing is: %s", async (_name, breakIt) => {
    const { store } = await open();
    const whole = someWhole();
    const broken = { ...whole, ...breakIt(whole) };
    expect(() => store.insertJob(broken)).toThrow();
    expect(all(store, "w")).toEqual({
      job: undefined,
      actors: [],
      history: [],
      activities: [],
      timers: [],
      signals: [],
      artifacts: [],
    });
    expect(store.insertJob(whole)).toBe(true);
  });

  test("a closed job is deleted with all that belongs to it, and no other job; one that is open is not", async () => {
    const { store } = await open();
    const whole = someWhole();
    store.insertJob(whole);
    store.createJob(newJob());
    const others = all(store, "j");
    expect(store.deleteJob("w")).toBe(false);
    expect(all(store, "w")).toEqual({ ...whole, job: { ...whole.job, lease: null } });

    const closed = { ...whole, job: { ...whole.job, id: "c", status: "done", closed: true } } as const;
    const ofClosed = <Row extends object>(rows: readonly Row[]) => rows.map((row) => ({ ...row, jobId: "c" }));
    store.insertJob({
      ...closed,
      actors: ofClosed(whole.actors),
      activities: ofClosed(whole.activities).map((one) => ({ ...one, effectId: `c${one.effectId}` })),
      timers: ofClosed(whole.timers),
      signals: ofClosed(whole.signals),
    });
    expect(store.deleteJob("c")).toBe(true);
    expect(store.deleteJob("c")).toBe(false);
    expect(all(store, "c")).toEqual({
      job: undefined,
      actors: [],
      history: [],
      activities: [],
      timers: [],
      signals: [],
      artifacts: [],
    });
    expect(all(store, "j")).toEqual(others);
    expect(store.createJob(newJob({ id: "c" }))).toBe(true);
  });

  test("compacting loses nothing, also beside another that reads", async () => {
    const { store, reopen } = await open();
    store.insertJob(someWhole());
    const before = all(store, "w");
    const beside = await reopen?.();
    beside?.listHistory("w");
    store.compact();
    expect(all(store, "w")).toEqual(before);
    if (beside) expect(all(beside, "w")).toEqual(before);
  });
}
