/** What is kept beside the machines: history, artifacts, usage. */

import { expect, test } from "vitest";
import { noUsage } from "../../core/usage.ts";
import type { OpenStore } from "../store.contract.ts";
import type { Owner } from "../store.ts";
import { commitNext, newJob, otherOwner, someOwner, startJob } from "../testing/samples.ts";

export function describeRecords(open: OpenStore): void {
  test("history is read in order, from any entry, as much as is asked for", async () => {
    const { store } = await open();
    startJob(store);
    startJob(store, [], "k");
    for (let seq = 2; seq <= 12; seq++) commitNext(store);
    const read = (params?: { after?: number; limit?: number }) => store.listHistory("j", params).map(({ seq }) => seq);
    expect(read()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(read({ after: 9 })).toEqual([10, 11, 12]);
    expect(read({ after: 2, limit: 3 })).toEqual([3, 4, 5]);
    expect(read({ limit: 0 })).toEqual([]);
    expect(read({ after: 12 })).toEqual([]);
  });

  test("the newest artifact of a name is given", async () => {
    const { store } = await open();
    startJob(store);
    expect(store.getArtifact("j", "plan")).toBeUndefined();
    const plan = (n: number) => ({ name: "plan", content: { n } });
    commitNext(store, { artifacts: [plan(1), { name: "other", content: null }] });
    commitNext(store, { artifacts: [plan(2)] });
    commitNext(store);
    expect(store.getArtifact("j", "plan")).toEqual({ name: "plan", seq: 3, content: { n: 2 } });
    expect(store.getArtifact("j", "other")).toEqual({ name: "other", seq: 2, content: null });
    expect(store.getArtifact("k", "plan")).toBeUndefined();
  });

  test("of each meter the highest figures are kept, and a job's usage is their sum", async () => {
    const { store } = await open();
    const usage = (inputTokens: number, outputTokens: number) => ({
      inputTokens,
      outputTokens,
      cachedInputTokens: inputTokens / 2,
      reasoningOutputTokens: outputTokens / 2,
    });
    for (const id of ["j", "k"]) store.createJob(newJob({ id }));
    expect(store.getUsage("j")).toEqual(noUsage);
    store.recordUsage({ jobId: "j", epoch: 0, meter: "a", usage: usage(100, 10) });
    store.recordUsage({ jobId: "j", epoch: 0, meter: "a", usage: usage(300, 6) });
    store.recordUsage({ jobId: "j", epoch: 0, meter: "a", usage: usage(200, 8) });
    store.recordUsage({ jobId: "j", epoch: 0, meter: "b", usage: usage(1000, 100) });
    store.recordUsage({ jobId: "k", epoch: 0, meter: "a", usage: usage(5000, 500) });
    expect(store.getUsage("j")).toEqual(usage(1300, 110));
  });

  test("promise 4: what a meter shows to an earlier owner is not written", async () => {
    const { store } = await open();
    store.createJob(newJob());
    const take = (owner: Owner, now: number) =>
      store.acquireLease({ jobId: "j", owner, now, ttlMs: 100, isGone: () => false });
    take(someOwner, 1000);
    store.recordUsage({ jobId: "j", epoch: 1, meter: "a", usage: { ...noUsage, inputTokens: 100 } });
    take(otherOwner, 1100);
    store.recordUsage({ jobId: "j", epoch: 1, meter: "a", usage: { ...noUsage, inputTokens: 900 } });
    expect(store.getUsage("j")).toEqual({ ...noUsage, inputTokens: 100 });
    store.recordUsage({ jobId: "j", epoch: 2, meter: "a", usage: { ...noUsage, inputTokens: 300 } });
    expect(store.getUsage("j")).toEqual({ ...noUsage, inputTokens: 300 });
  });
}
