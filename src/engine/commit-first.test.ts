/** Promises 1 and 2: what acts is on disk before it acts, and what is finished is finished. */

import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { aroundCommit } from "./testing/failpoint.ts";
import { expectNothingLeft, openHarness, statesOf, Watcher } from "./testing/harness.ts";
import { approval, sequence } from "./testing/workflows.ts";

test("promise 1: an activity starts only when the transition that wants it is on disk", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const onlooker = await openSqliteStore(path);
  onTestFinished(() => onlooker.close());
  const seen: unknown[] = [];
  const look = async (name: string) => {
    const history = onlooker.listHistory("j");
    const activity = onlooker.listActivities("j").at(-1);
    const snapshot = JSON.parse(onlooker.getActor("j", "job")?.snapshot ?? "null");
    seen.push([name, history.at(-1)?.state, activity?.name, activity?.status, snapshot.value]);
    return name.toUpperCase();
  };
  const { engine } = await openHarness({
    path,
    workflows: [sequence("a", "b")],
    activities: { a: { run: () => look("a") }, b: { run: () => look("b") } },
  });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const job = await engine.run("j");
  expect(seen).toEqual([
    ["a", "a", "a", "scheduled", "a"],
    ["b", "b", "b", "scheduled", "b"],
  ]);
  expect(job).toMatchObject({ status: "done", closed: true, output: ["A", "B"], lease: null });
});

/** A store that fails at the step with that history number, once. */
function failingAt(store: Store, seq: number): Store {
  let failed = false;
  return aroundCommit(store, (steps, commit) => {
    if (failed || !steps.some((step) => step.seq === seq)) return commit(steps);
    failed = true;
    throw new Error("the disk is full");
  });
}

test.each([1, 2, 3])(
  "promise 1: if transition %d cannot be written nothing of it starts, and a later run goes on from there",
  async (seq) => {
    const ran: string[] = [];
    const run = (name: string) => async () => ran.push(name);
    const store = failingAt(await openSqliteStore(":memory:"), seq);
    const { engine } = await openHarness({
      store,
      workflows: [sequence("a", "b")],
      activities: { a: { run: run("a") }, b: { run: run("b") } },
    });
    engine.start({ workflow: "sequence", jobId: "j", input: null });
    await expect(engine.run("j")).rejects.toThrow("the disk is full");
    expect(ran).toEqual(["a", "b"].slice(0, seq - 1));
    expect(store.getJob("j")).toMatchObject({ status: "running", nextSeq: seq, lease: null });
    expect(await engine.run("j")).toMatchObject({ status: "done" });
  },
);

test("promise 2: a result, the artifacts and the transition that they cause are one entry of history", async () => {
  const { engine, store } = await openHarness({
    workflows: [sequence("a")],
    activities: {
      a: {
        run: async (_input, { putArtifact }) => {
          putArtifact("plan", { steps: 3 });
          return { n: 1 };
        },
      },
    },
  });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  await engine.run("j");
  expect(store.listHistory("j")).toMatchObject([
    { seq: 1, state: "a" },
    { seq: 2, state: "done", event: { type: "xstate.done.actor.a", output: { n: 1 } } },
  ]);
  expect(store.getArtifact("j", "plan")).toEqual({ name: "plan", seq: 2, content: { steps: 3 } });
  expect(store.listActivities("j")).toMatchObject([{ status: "completed", attempt: 1 }]);
  expectNothingLeft(store);
});

test("promise 2: a run that follows another runs nothing again that was finished", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const ran: string[] = [];
  const activities = {
    ask: { run: async () => ran.push("ask") },
    act: { run: async () => ran.push("act") },
  };
  const first = await openHarness({ path, workflows: [approval], activities });
  const watcher = new Watcher();
  const stop = new AbortController();
  first.engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = first.engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  stop.abort();
  expect(await run).toMatchObject({ status: "waiting", closed: false, lease: null });
  first.store.close();

  const second = await openHarness({ path, workflows: [approval], activities });
  second.engine.signal({ jobId: "j", event: { type: "approve" } });
  expect(await second.engine.run("j")).toMatchObject({ status: "done", output: [1, 2] });
  expect(ran).toEqual(["ask", "act"]);
  expect(statesOf(second.store)).toEqual(["asking", "waiting", "acting", "done"]);
});

test("promise 2: a result that comes while the run is told to stop is kept", async () => {
  const result = Promise.withResolvers<string>();
  const ran: number[] = [];
  const { engine, store } = await openHarness({
    workflows: [sequence("a", "b")],
    activities: {
      a: { run: () => result.promise },
      b: { run: async (_input, { attempt }) => ran.push(attempt) },
    },
  });
  const watcher = new Watcher();
  const stop = new AbortController();
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const run = engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.attempt("a");
  stop.abort();
  result.resolve("just in time");
  expect(await run).toMatchObject({ status: "running", nextSeq: 3 });
  expect([statesOf(store), ran]).toEqual([["a", "b"], []]);
  expect(await engine.run("j")).toMatchObject({ status: "done", output: ["just in time", 1] });
  expect(ran).toHaveLength(1);
});

test("a job that was told to stop before it began does nothing, and needs no lease", async () => {
  const { engine, store } = await openHarness({
    workflows: [sequence("a")],
    activities: { a: { run: async () => null } },
  });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  expect(await engine.run("j", { signal: AbortSignal.abort() })).toMatchObject({ nextSeq: 1 });
  expect(store.listHistory("j")).toEqual([]);
});

test("a job that has come to its end is given as it is", async () => {
  const { engine, store } = await openHarness({
    workflows: [sequence("a")],
    activities: { a: { run: async () => 1 } },
  });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const done = await engine.run("j");
  expect(await engine.run("j")).toEqual(done);
  expect(store.listHistory("j")).toHaveLength(2);
});

test("an unknown job, an unknown workflow and a job id that is taken are clear errors", async () => {
  const { engine } = await openHarness({ workflows: [sequence("a")], activities: { a: { run: async () => 1 } } });
  await expect(engine.run("j")).rejects.toMatchObject({ name: "UsageError", code: "job-unknown" });
  const start = (workflow: string) => engine.start({ workflow, jobId: "j", input: null });
  expect(() => start("what")).toThrow(expect.objectContaining({ code: "workflow-unknown" }));
  start("sequence");
  expect(() => start("sequence")).toThrow(expect.objectContaining({ code: "job-exists" }));
  expect(() => engine.start({ workflow: "sequence", jobId: "k", input: { at: new Date(0) } })).toThrow(
    "input.at is a Date",
  );
});
