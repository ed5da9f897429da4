/** Jobs: made once, listed newest first. */

import { expect, test } from "vitest";
import type { OpenStore } from "../store.contract.ts";
import { commitNext, newJob, startJob } from "../testing/samples.ts";

export function describeJobs(open: OpenStore): void {
  test("a new job is there with its root actor and the event that starts it", async () => {
    const { store } = await open();
    expect(store.createJob(newJob({ input: { task: "ü\u0000\n😀", list: [1, null, true] } }))).toBe(true);
    expect(store.getJob("j")).toEqual({
      id: "j",
      workflow: "flow",
      version: 3,
      definitionHash: "hash",
      status: "running",
      closed: false,
      input: { task: "ü\u0000\n😀", list: [1, null, true] },
      output: null,
      error: null,
      labels: { repository: "a repository" },
      createdAt: 1000,
      updatedAt: 1000,
      nextSeq: 1,
      lease: null,
    });
    expect(store.listActors("j")).toEqual([
      {
        jobId: "j",
        id: "job",
        workflow: "flow",
        version: 3,
        definitionHash: "hash",
        status: "active",
        snapshot: null,
        updatedSeq: 0,
      },
    ]);
    expect(store.listPendingSignals("j")).toEqual([
      {
        jobId: "j",
        id: "init",
        actorId: "job",
        event: {
          type: "xstate.init",
          workflow: "flow",
          version: 3,
          input: { task: "ü\u0000\n😀", list: [1, null, true] },
        },
        external: false,
        createdAt: 1000,
      },
    ]);
    expect(store.listHistory("j")).toEqual([]);
  });

  test("a job of an id that exists is not made again, and the first stays as it was", async () => {
    const { store } = await open();
    store.createJob(newJob());
    const before = [store.getJob("j"), store.listActors("j"), store.listPendingSignals("j")];
    expect(store.createJob(newJob({ workflow: "other", input: "other" }))).toBe(false);
    expect([store.getJob("j"), store.listActors("j"), store.listPendingSignals("j")]).toEqual(before);
  });

  test("an unknown job has nothing", async () => {
    const { store } = await open();
    store.createJob(newJob({ id: "another" }));
    expect(store.getJob("j")).toBeUndefined();
    expect(store.getActor("j", "job")).toBeUndefined();
    expect(store.getActivity("j:1:0")).toBeUndefined();
    const lists = [store.listActors("j"), store.listActivities("j"), store.listTimers("j")];
    expect([...lists, store.listPendingSignals("j"), store.listHistory("j")]).toEqual([[], [], [], [], []]);
  });

  test("jobs are listed newest first, a page at a time", async () => {
    const { store } = await open();
    for (const [id, now] of [
      ["a", 10],
      ["c", 30],
      ["b1", 20],
      ["b2", 20],
    ] as const)
      store.createJob(newJob({ id, now }));
    const ids = (limit: number, offset?: number) =>
      store.listJobs({ limit, ...(offset !== undefined && { offset }) }).map(({ id }) => id);
    expect(ids(10)).toEqual(["c", "b2", "b1", "a"]);
    expect(ids(2)).toEqual(["c", "b2"]);
    expect(ids(2, 2)).toEqual(["b1", "a"]);
    expect(ids(2, 4)).toEqual([]);
  });

  test("open jobs are those that have not come to their end, oldest first; a failed one may still go on", async () => {
    const { store } = await open();
    const end = { output: null, error: null };
    startJob(store, [], "done");
    startJob(store, [], "failed");
    commitNext(store, { jobId: "done", job: { ...end, status: "done", closed: true } });
    commitNext(store, { jobId: "failed", job: { ...end, status: "failed", closed: false } });
    store.createJob(newJob({ id: "later", now: 3000 }));
    store.createJob(newJob({ id: "earlier", now: 10 }));
    expect(store.listOpenJobs().map(({ id }) => id)).toEqual(["earlier", "failed", "later"]);
  });
}
