/** `orch.cancel`: the engine's own end of a job, for machines that have no word for it. */

import { expect, test } from "vitest";
import type { ActivityAborted, ActivityContext } from "../core/activity.ts";
import { eventsOf, expectNothingLeft, openHarness, statesOf, Watcher } from "./testing/harness.ts";
import { approval } from "./testing/workflows.ts";
import { Timeline } from "./timeline.ts";

const act = { run: async () => "acted" };

test("promise 6: a cancelled job is over: what runs is ended, nothing begins any more, and no word changes it", async () => {
  const reasons: string[] = [];
  const ask = {
    run: (_input: unknown, { signal }: ActivityContext) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reasons.push((signal.reason as ActivityAborted).reason);
          reject(signal.reason);
        });
      }),
  };
  const { engine, store } = await openHarness({ workflows: [approval], activities: { ask, act } });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.attempt("ask");
  engine.signal({ jobId: "j", event: { type: "orch.cancel" } });
  expect(await run).toMatchObject({ status: "cancelled", closed: true, output: null, error: null });
  expect(reasons).toEqual(["cancelled"]);
  expect(eventsOf(store)).toEqual(["xstate.init", "orch.cancel"]);
  expect(engine.signal({ jobId: "j", event: { type: "approve" } })).toBe("job-closed");
  expectNothingLeft(store);
});

test("a paused job can be cancelled, and one that waits, and one that nobody runs", async () => {
  const ask = { run: async () => "asked" };
  const { engine, store, registry } = await openHarness({ workflows: [approval], activities: { ask, act } });
  const watcher = new Watcher();
  engine.start({ workflow: "approval", jobId: "j", input: null });
  const run = engine.run("j", { onUpdate: watcher.onUpdate });
  await watcher.state("waiting");
  engine.signal({ jobId: "j", event: { type: "orch.pause" } });
  await run;
  engine.signal({ jobId: "j", event: { type: "orch.cancel" } });
  expect(await engine.run("j")).toMatchObject({ status: "cancelled", closed: true });
  expect(statesOf(store)).toEqual(["asking", "waiting", "waiting", "waiting"]);

  const timeline = new Timeline(registry);
  for (const entry of store.listHistory("j")) timeline.take(entry);
  expect(timeline.divergesAt).toBeNull();
  expect(timeline.actorAt("job", 4)).toMatchObject({ status: "stopped", state: "waiting" });
  expectNothingLeft(store);
});
