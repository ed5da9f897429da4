/** Promise 6: signals are rows. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { type AnyStateMachine, setup } from "xstate";
import { UsageError } from "../core/errors.ts";
import { startProgram } from "../store/testing/child-program.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { activity } from "./testing/activity.ts";
import { eventsOf, expectNothingLeft, openHarness, quiet, secondOwner, statesOf, Watcher } from "./testing/harness.ts";
import { approval, cancellable } from "./testing/workflows.ts";

const instantly = { ask: { run: async () => "asked" }, act: { run: async () => "acted" } };

test("promise 6: a signal is on disk when signal() returns, whether or not the job runs", async () => {
  const { engine, store } = await openHarness({ workflows: [approval], activities: instantly });
  engine.start({ workflow: "approval", jobId: "j", input: null });
  expect(engine.signal({ jobId: "j", event: { type: "approve", by: "me" }, id: "s" })).toBe("added");
  expect(store.listPendingSignals("j").at(-1)).toMatchObject({
    id: "s",
    actorId: "job",
    event: { type: "approve", by: "me" },
  });
});

test("promise 6: a signal is kept while nobody waits for it", async () => {
  const asked = Promise.withResolvers<string>();
  const { engine, store } = await openHarness({
    workflows: [approval],
    activities: { ...instantly, ask: { run: () => asked.promise } },
  });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("ask");
  engine.signal({ jobId: "j", event: { type: "approve" } });
  await quiet();
  expect([statesOf(store), store.listPendingSignals("j").length]).toEqual([["asking"], 1]);
  asked.resolve("asked");
  expect(await done).toMatchObject({ status: "done", output: ["asked", "acted"] });
  expect(eventsOf(store)).toEqual(["xstate.init", "xstate.done.actor.ask", "approve", "xstate.done.actor.act"]);
  expectNothingLeft(store);
});

test("promise 6: a signal is delivered once, and its id is recognised for ever", async () => {
  const { engine, store } = await openHarness({ workflows: [approval], activities: instantly });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  const reject = () => engine.signal({ jobId: "j", event: { type: "reject" }, id: "once" });
  expect([reject(), reject()]).toEqual(["added", "known"]);
  await watcher.until((update) => update.type === "step" && update.step.seq === 4);
  expect(reject()).toBe("known");
  await quiet();
  expect(statesOf(store)).toEqual(["asking", "waiting", "asking", "waiting"]);
  engine.signal({ jobId: "j", event: { type: "approve" } });
  await done;
  expect(reject()).toBe("known");
  expect(engine.signal({ jobId: "j", event: { type: "reject" } })).toBe("job-closed");
  expect(engine.signal({ jobId: "k", event: { type: "reject" } })).toBe("no-job");
});

test("promise 6: signals are delivered in the order in which they came, each when its time has come", async () => {
  const { engine, store } = await openHarness({ workflows: [approval], activities: instantly });
  engine.start({ workflow: "approval", jobId: "j", input: null });
  for (const type of ["unknown", "reject", "approve"]) engine.signal({ jobId: "j", event: { type }, id: type });
  expect(await engine.run("j")).toMatchObject({ status: "done" });
  expect(statesOf(store)).toEqual(["asking", "waiting", "asking", "waiting", "acting", "done"]);
});

test("promise 6: a signal survives a restart", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const first = await openHarness({ path, workflows: [approval], activities: instantly });
  first.engine.start({ workflow: "approval", jobId: "j", input: null });
  first.engine.signal({ jobId: "j", event: { type: "approve" } });
  first.store.close();
  const second = await openHarness({ path, workflows: [approval], activities: instantly });
  expect(await second.engine.run("j")).toMatchObject({ status: "done" });
});

test("promise 6: a signal that is not taken before a stop is taken after it", async () => {
  const { engine, store } = await openHarness({ workflows: [approval], activities: instantly });
  const watcher = new Watcher();
  const stop = new AbortController();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  stop.abort();
  engine.signal({ jobId: "j", event: { type: "approve" } });
  expect(await run).toMatchObject({ status: "waiting" });
  expect(store.listPendingSignals("j")).toHaveLength(1);
  expect(await engine.run("j")).toMatchObject({ status: "done" });
});

test("promise 6: a signal from another process reaches a job that runs", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const { engine } = await openHarness({ path, workflows: [approval], activities: instantly });
  const other = startProgram(new URL("../store/testing/store-program.ts", import.meta.url), path);
  other.writeLine("open");
  expect([await other.nextLine(), await other.nextLine()]).toEqual(["ready", "ok"]);
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const done = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  other.writeLine("signal s approve");
  expect(await done).toMatchObject({ status: "done" });
});

test("promise 6: a signal can be for a child, also for one that is not there yet", async () => {
  const child = setup({}).createMachine({
    initial: "waiting",
    states: { waiting: { on: { go: "done" } }, done: { type: "final" } },
  });
  const parent = setup({ actors: { child: activity(), slow: activity() } }).createMachine({
    initial: "a",
    states: {
      a: { invoke: { src: "slow", onDone: "b" } },
      b: { invoke: { src: "child", id: "c", onDone: "done" } },
      done: { type: "final" },
    },
  });
  const { engine, store } = await openHarness({
    workflows: [
      { name: "parent", version: 1, machine: parent as unknown as AnyStateMachine },
      { name: "child", version: 1, machine: child as unknown as AnyStateMachine },
    ],
    activities: { slow: { run: async () => null } },
  });
  engine.start({ workflow: "parent", jobId: "j", input: null });
  engine.signal({ jobId: "j", actorId: "job/c", event: { type: "go" } });
  expect(await engine.run("j")).toMatchObject({ status: "done" });
  expect(eventsOf(store, "j", "job/c")).toEqual(["xstate.init", "go"]);
  expectNothingLeft(store);
});

test.each(["xstate.done.actor.ask", "xstate.init", "xstate.stop", "*", ""])(
  "promise 6: nobody outside may speak as the engine does: %j is refused",
  async (type) => {
    const { engine, store } = await openHarness({ workflows: [approval], activities: instantly });
    engine.start({ workflow: "approval", jobId: "j", input: null });
    expect(() => engine.signal({ jobId: "j", event: { type } })).toThrow(
      expect.objectContaining({ code: "bad-signal" }),
    );
    expect(store.listPendingSignals("j")).toHaveLength(1);
  },
);

test.each(["init", "j:1:0", "j:2:end", ""])(
  "promise 6: %j cannot be a signal's id: the engine's own look like it",
  async (id) => {
    const { engine } = await openHarness({ workflows: [approval], activities: instantly });
    engine.start({ workflow: "approval", jobId: "j", input: null });
    expect(() => engine.signal({ jobId: "j", event: { type: "go" }, id })).toThrow(UsageError);
  },
);

test("promise 6: a signal that JSON cannot hold is refused", async () => {
  const { engine } = await openHarness({ workflows: [approval], activities: instantly });
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const event = { type: "go", at: new Date(0) as never };
  expect(() => engine.signal({ jobId: "j", event })).toThrow("event.at is a Date");
});

test("promise 6: a signal that waits is taken before what was under way is begun again; what was left is cleaned up", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const never = { run: () => new Promise<never>(() => {}) };
  const first = await openHarness({ path, workflows: [cancellable], activities: { ask: never } });
  const watcher = new Watcher();
  first.engine.start({ workflow: "cancellable", jobId: "j", input: null });
  void first.engine.run("j", { onUpdate: watcher.onUpdate }).catch(() => {});
  await watcher.attempt("ask");

  const calls: string[] = [];
  const second = await openHarness({
    path,
    workflows: [cancellable],
    owner: secondOwner,
    isGone: () => true,
    activities: {
      ask: {
        run: async () => calls.push("run"),
        cleanUp: async (_input, { effectId, signal }) => void calls.push(`clean up ${effectId}, ${signal.aborted}`),
      },
    },
  });
  second.engine.signal({ jobId: "j", event: { type: "stop" } });
  expect(await second.engine.run("j")).toMatchObject({ status: "done" });
  expect(calls).toEqual(["clean up j:1:0, false"]);
  expectNothingLeft(second.store);
});
