/** Promise 11: errors are data. They take neither the process nor another job down. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { type AnyStateMachine, assign, setup } from "xstate";
import { OrchError } from "../core/errors.ts";
import { rowsOfJob } from "../store/testing/rows-of-job.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { activity } from "./testing/activity.ts";
import { expectNothingLeft, openHarness, statesOf, Watcher } from "./testing/harness.ts";
import { approval, sequence } from "./testing/workflows.ts";
import type { Workflow } from "./workflow.ts";

const flow = (machine: unknown): Workflow => ({ name: "flow", version: 1, machine: machine as AnyStateMachine });

const boom = (): never => {
  throw new Error("boom", { cause: new TypeError("deep down") });
};

/** Breaks in the way that its input names, one step after its start, while an activity of it runs. */
const breaking = flow(
  setup({
    types: { context: {} as { value: unknown }, input: {} as string },
    actors: { slow: activity(), work: activity() },
    guards: { boom },
    delays: { never: () => Number.NaN },
    actions: {
      boom: assign(boom),
      date: assign({ value: () => new Date(0) }),
      inPlace: assign(({ context }) => {
        context.value = "changed";
        return {};
      }),
    },
  }).createMachine({
    context: ({ input }) => ({ value: input === "context" ? boom() : input }),
    initial: "a",
    invoke: { src: "slow", id: "slow" },
    states: {
      a: {
        on: {
          guard: { target: "b", guard: "boom" },
          action: { target: "b", actions: "boom" },
          date: { target: "b", actions: "date" },
          inPlace: { target: "b", actions: "inPlace" },
          delay: "delay",
        },
      },
      b: {},
      delay: { after: { never: "b" } },
    },
  }),
);

const untilStopped = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test.each([
  ["guard", "boom"],
  ["action", "boom"],
  ["date", "context.value is a Date"],
  ["inPlace", "read only property 'value'"],
  ["delay", "a delay is NaN"],
])(
  "promise 11: what breaks in a machine (%s) fails its job, with its state as it was; another job goes on",
  async (type, message) => {
    const { engine, store } = await openHarness({
      workflows: [breaking, approval],
      activities: {
        slow: { run: (_input, { signal }) => untilStopped(signal) },
        work: { run: async () => null },
        ask: { run: async () => null },
        act: { run: async () => "still here" },
      },
    });
    engine.start({ workflow: "flow", jobId: "j", input: "fine" });
    engine.start({ workflow: "approval", jobId: "other", input: null });
    const watcher = new Watcher();
    const other = engine.run("other", { onUpdate: watcher.onUpdate });
    await watcher.state("waiting");
    engine.signal({ jobId: "j", event: { type } });
    const job = await engine.run("j");
    expect(job).toMatchObject({ status: "failed", closed: true });
    expect(job.error?.message).toContain(message);
    expect(job.error?.stack).toContain("at ");
    expect(statesOf(store)).toEqual(["a", "a"]);
    expectNothingLeft(store);
    engine.signal({ jobId: "other", event: { type: "approve" } });
    expect(await other).toMatchObject({ status: "done" });
  },
);

test("promise 11: a throw in the first transition fails the job, with its cause", async () => {
  const { engine } = await openHarness({
    workflows: [breaking],
    activities: { slow: { run: async () => null }, work: { run: async () => null } },
  });
  engine.start({ workflow: "flow", jobId: "j", input: "context" });
  expect(await engine.run("j")).toMatchObject({
    status: "failed",
    error: { name: "Error", message: "boom", cause: { name: "TypeError", message: "deep down" } },
  });
});

const failing = (thrown: unknown) => ({
  a: {
    run: async () => {
      throw thrown;
    },
  },
});

test("promise 11: an activity's error is the job's, with its code, hint, details and causes", async () => {
  const error = new OrchError("it broke", {
    code: "it-broke",
    hint: "mend it",
    details: { path: "/x", at: new Date(0), size: 1n, self: undefined },
    cause: new OrchError("because", { code: "because", cause: "a word" }),
  });
  const { engine, store } = await openHarness({ workflows: [sequence("a")], activities: failing(error) });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  const job = await engine.run("j");
  expect(job).toMatchObject({
    status: "failed",
    error: {
      name: "OrchError",
      message: "it broke",
      code: "it-broke",
      hint: "mend it",
      retryable: false,
      stack: expect.stringContaining("it broke"),
      cause: { code: "because", cause: { name: "Error", message: "a word" } },
    },
  });
  expect(store.getActivity("j:1:0")).toMatchObject({ status: "failed", error: { code: "it-broke" } });
});

const circle: Record<string, unknown> = { name: "Odd", message: "goes round" };
circle.self = circle;

test.each<[string, unknown, string]>([
  ["a string", "just words", "just words"],
  ["undefined", undefined, "thrown value: undefined"],
  ["an object", { n: 1 }, 'thrown value: {"n":1}'],
  ["a bigint", 1n, "thrown value: 1"],
  [
    "details that JSON cannot hold",
    new OrchError("with details", { code: "x", details: { n: 1n, circle } }),
    "with details",
  ],
  ["something like error data that JSON cannot hold", circle, "goes round"],
  ["an error whose message is no text", Object.assign(new Error(), { message: { deep: 1n } }), "[object Object]"],
])("promise 11: an activity that throws %s fails its job, and is not stuck", async (_name, thrown, message) => {
  const { engine } = await openHarness({ workflows: [sequence("a")], activities: failing(thrown) });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  expect(await engine.run("j")).toMatchObject({ status: "failed", closed: true, error: { message } });
});

test("promise 11: which failures matter is the machine's to say", async () => {
  const tolerant = flow(
    setup({
      types: { context: {} as { error: unknown } },
      actors: { a: activity() },
      actions: {
        keep: assign({ error: ({ event }) => (event as unknown as { error: { message: string } }).error.message }),
      },
    }).createMachine({
      context: { error: null },
      initial: "trying",
      states: {
        trying: { invoke: { src: "a", onError: { target: "done", actions: "keep" } } },
        done: { type: "final" },
      },
      output: ({ context }) => context.error,
    }),
  );
  const { engine } = await openHarness({ workflows: [tolerant], activities: failing(new Error("never mind")) });
  engine.start({ workflow: "flow", jobId: "j", input: null });
  expect(await engine.run("j")).toMatchObject({ status: "done", error: null, output: "never mind" });
});

test("promise 11: an activity that this orch does not have is an error of the job", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const stop = new AbortController();
  const first = await openHarness({
    path,
    workflows: [sequence("a")],
    activities: { a: { run: (_input, { signal }) => untilStopped(signal) } },
  });
  const watcher = new Watcher();
  first.engine.start({ workflow: "sequence", jobId: "j", input: null });
  const run = first.engine.run("j", { signal: stop.signal, onUpdate: watcher.onUpdate });
  await watcher.attempt("a");
  stop.abort();
  await run;
  first.store.close();
  // The machine is the same; "a" is a workflow by now, so nothing runs it as an activity.
  const empty = setup({}).createMachine({});
  const second = await openHarness({
    path,
    workflows: [sequence("a"), { name: "a", version: 1, machine: empty as unknown as AnyStateMachine }],
  });
  expect(await second.engine.run("j")).toMatchObject({ status: "failed", error: { code: "activity-unknown" } });
});

test("promise 11: who watches a job cannot break it", async () => {
  const { engine, warnings } = await openHarness({
    workflows: [sequence("a")],
    activities: { a: { run: async (_input, { heartbeat }) => heartbeat(1) } },
  });
  engine.start({ workflow: "sequence", jobId: "j", input: null });
  expect(await engine.run("j", { onUpdate: boom })).toMatchObject({ status: "done" });
  expect(warnings).toEqual(Array(4).fill("a watcher of job j failed: boom: deep down"));
});

test("promise 8: a job whose workflow is gone says so, loses nothing, and is free", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const first = await openHarness({ path, workflows: [sequence("a")], activities: { a: { run: async () => "ok" } } });
  first.engine.start({ workflow: "sequence", jobId: "j", input: null });
  first.store.close();
  const without = await openHarness({
    path,
    workflows: [approval],
    activities: { ask: { run: boom }, act: { run: boom } },
  });
  const before = without.store.listPendingSignals("j");
  const rows = rowsOfJob(path, "j");
  await expect(without.engine.run("j")).rejects.toMatchObject({
    code: "workflow-gone",
    message: "job j is parked: this orch does not have the workflow sequence version 1",
  });
  expect(rowsOfJob(path, "j")).toEqual(rows);
  expect(without.store.getJob("j")).toMatchObject({ status: "running", nextSeq: 1, lease: null });
  expect(without.store.listPendingSignals("j")).toEqual(before);
  without.store.close();
  const changed = await openHarness({
    path,
    workflows: [{ ...sequence("b"), name: "sequence" }],
    activities: { b: { run: boom } },
  });
  await expect(changed.engine.run("j")).rejects.toMatchObject({ code: "workflow-changed" });
  expect(rowsOfJob(path, "j")).toEqual(rows);
  changed.store.close();
  const again = await openHarness({ path, workflows: [sequence("a")], activities: { a: { run: async () => "ok" } } });
  expect(await again.engine.run("j")).toMatchObject({ status: "done", output: ["ok"] });
});

test("promise 12: an engine with a workflow that cannot run durably is not made", async () => {
  const careless = flow(setup({ actions: { print: () => {} } }).createMachine({ entry: "print" }));
  await expect(openHarness({ workflows: [careless] })).rejects.toMatchObject({ code: "workflow-refused" });
});
