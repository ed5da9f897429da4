/** Signals (promise 6): kept until they are delivered, delivered once, known by their ids. */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import type { Store } from "../store.ts";
import { commitNext, newJob, newStep, startJob } from "../testing/samples.ts";

function add(store: Store, id: string, jobId = "j") {
  return store.addSignal({ jobId, id, actorId: "job", event: { type: "go", id }, now: 4000 });
}

export function describeSignals(open: OpenStore): void {
  test("promise 6: a signal is kept until it is delivered", async () => {
    const { store } = await open();
    startJob(store);
    expect(add(store, "s")).toBe("added");
    expect(store.listPendingSignals("j")).toEqual([
      { jobId: "j", id: "s", actorId: "job", event: { type: "go", id: "s" }, external: true, createdAt: 4000 },
    ]);
    expect(store.commit([newStep({ seq: 2, cause: { type: "signal", id: "s" } })])).toEqual(["committed"]);
    expect(store.listPendingSignals("j")).toEqual([]);
  });

  test("promise 6: a repeated id is recognised, also after the signal was delivered", async () => {
    const { store } = await open();
    startJob(store);
    add(store, "s");
    expect(add(store, "s")).toBe("known");
    expect(store.listPendingSignals("j")).toHaveLength(1);
    const step = newStep({ seq: 2, cause: { type: "signal", id: "s" } });
    store.commit([step]);
    expect(add(store, "s")).toBe("known");
    expect(store.commit([{ ...step, seq: 3 }])).toEqual(["late"]);
  });

  test("signals wait in the order in which they came", async () => {
    const { store } = await open();
    store.createJob(newJob());
    for (const id of ["z", "a", "m"]) add(store, id);
    expect(store.listPendingSignals("j").map(({ id }) => id)).toEqual(["init", "z", "a", "m"]);
  });

  test("the jobs for which a signal from outside waits are told, each once", async () => {
    const { store } = await open();
    for (const id of ["a", "b", "c"]) startJob(store, [], id);
    expect(store.listSignalledJobs()).toEqual([]);
    for (const [id, jobId] of [
      ["s", "b"],
      ["t", "b"],
      ["s", "c"],
    ] as const) {
      add(store, id, jobId);
    }
    const told = () => new Map(store.listSignalledJobs().map(({ jobId, newest }) => [jobId, newest]));
    const before = told();
    expect([...before.keys()].sort()).toEqual(["b", "c"]);
    store.commit([newStep({ jobId: "c", seq: 2, cause: { type: "signal", id: "s" } })]);
    expect([...told().keys()]).toEqual(["b"]);
    add(store, "v", "b");
    expect(told().get("b")).toBeGreaterThan(Math.max(...before.values()));
  });

  test("the same id may be used for another job", async () => {
    const { store } = await open();
    store.createJob(newJob());
    store.createJob(newJob({ id: "k" }));
    expect([add(store, "s"), add(store, "s", "k")]).toEqual(["added", "added"]);
  });

  test("a job that is unknown or has come to its end takes no signal", async () => {
    const { store } = await open();
    expect(add(store, "s")).toBe("no-job");
    startJob(store);
    add(store, "before");
    commitNext(store, { job: { status: "failed", closed: false, output: null, error: null } });
    expect(add(store, "while failed")).toBe("added");
    commitNext(store, { job: { status: "done", closed: true, output: null, error: null } });
    expect(add(store, "after")).toBe("job-closed");
    expect(add(store, "before")).toBe("known");
  });
}
