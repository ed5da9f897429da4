/** Pause and continue: the engine's own signals, for any workflow. */

import { expect, test } from "vitest";
import type { ActivityAborted, ActivityContext } from "../core/activity.ts";
import { eventsOf, expectNothingLeft, openHarness, quiet, Watcher } from "./testing/harness.ts";
import { approval } from "./testing/workflows.ts";

/** Runs until it is told to stop, or is let go. */
function patient() {
  const started: number[] = [];
  const reasons: string[] = [];
  const go = Promise.withResolvers<string>();
  const run = (_input: unknown, { attempt, signal }: ActivityContext) => {
    started.push(attempt);
    return new Promise<string>((resolve, reject) => {
      signal.addEventListener("abort", () => {
        reasons.push((signal.reason as ActivityAborted).reason);
        reject(signal.reason);
      });
      void go.promise.then(resolve);
    });
  };
  return { run, started, reasons, go };
}

test("promise 6: pause stops what runs, and the job starts nothing until it is told to continue", async () => {
  const ask = patient();
  const activities = { ask, act: { run: async () => "acted" } };
  const { engine, store } = await openHarness({ workflows: [approval], activities });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("ask");
  engine.signal({ jobId: "j", event: { type: "orch.pause" } });
  expect(await run).toMatchObject({ status: "paused", closed: false, lease: null });
  expect(ask.reasons).toEqual(["shutdown"]);

  // Whoever runs it now finds it paused, and leaves it so.
  engine.signal({ jobId: "j", event: { type: "approve" } });
  expect(await engine.run("j")).toMatchObject({ status: "paused" });
  expect(ask.started).toEqual([1]);

  engine.signal({ jobId: "j", event: { type: "orch.continue" } });
  ask.go.resolve("asked");
  expect(await engine.run("j")).toMatchObject({ status: "done", output: ["asked", "acted"] });
  expect(ask.started).toEqual([1, 2]);
  expect(eventsOf(store)).toEqual([
    "xstate.init",
    "orch.pause",
    "orch.continue",
    "xstate.done.actor.ask",
    "approve",
    "xstate.done.actor.act",
  ]);
  expectNothingLeft(store);
});

test("a result that comes while the job is being paused is kept, and the job stays paused", async () => {
  const result = Promise.withResolvers<string>();
  const activities = { ask: { run: () => result.promise }, act: { run: async () => "acted" } };
  const { engine, store } = await openHarness({ workflows: [approval], activities });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("ask");
  engine.signal({ jobId: "j", event: { type: "orch.pause" } });
  await quiet();
  result.resolve("asked");
  expect(await run).toMatchObject({ status: "paused" });
  expect(eventsOf(store)).toEqual(["xstate.init", "orch.pause", "xstate.done.actor.ask"]);
});

test("a pause is taken while a job waits for a person, and continue brings the waiting back", async () => {
  const activities = { ask: { run: async () => "asked" }, act: { run: async () => "acted" } };
  const { engine } = await openHarness({ workflows: [approval], activities });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  engine.signal({ jobId: "j", event: { type: "orch.pause" } });
  expect(await run).toMatchObject({ status: "paused" });
  engine.signal({ jobId: "j", event: { type: "orch.continue" } });
  engine.signal({ jobId: "j", event: { type: "approve" } });
  expect(await engine.run("j")).toMatchObject({ status: "done" });
});
