/** Workflows of one's own in a program of one's own: begun, told, watched, killed, gone on with. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, expectTypeOf, test } from "vitest";
import { assign, setup } from "xstate";
import { activity } from "../engine/declare-activity.ts";
import { defineWorkflow } from "../engine/define-workflow.ts";
import { createEngine } from "./durable-engine.ts";
import { openStore } from "./open-store.ts";
import { orderWorkflow } from "./testing/order.ts";

let folder: string;
let journal: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-library-"));
  journal = join(folder, "journal");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const journalLines = () => readFileSync(journal, "utf8").trim().split("\n");
const database = () => join(folder, "jobs.db");

test("a job is begun, watched, told, and gives the output that its machine declares", async () => {
  using store = await openStore(database());
  const order = orderWorkflow(journal);
  await using engine = await createEngine({ store, workflows: [order] });
  const job = await engine.start(order, { jobId: "a", input: { amount: 5 } });
  const states: unknown[] = [];
  for await (const { actorId, state, event } of job.watch()) {
    states.push([actorId, state]);
    if (state === "waiting") {
      expect(job.standing()).toMatchObject({ status: "waiting", isOver: false, state: "waiting" });
      await job.signal({ type: "approve", by: "Ada" }, { id: "word-1" });
      await job.signal({ type: "approve", by: "Eve" }, { id: "word-1" });
    }
    if (event.type === "approve") expect(event).toEqual({ type: "approve", by: "Ada" });
  }
  const output = await job.result();
  expectTypeOf(output).toEqualTypeOf<{ receipt: string; by: string; parcel: string }>();
  expect(output).toEqual({ receipt: "a:1:0 over 5", by: "Ada", parcel: "parcel of a:1:0 over 5" });
  expect(states).toEqual([
    ["job", "charging"],
    ["job", "waiting"],
    ["job", "shipping"],
    ["job/parcel", "posting"],
    ["job/parcel", "posted"],
    ["job", "done"],
  ]);
  expect(job.standing()).toMatchObject({ status: "done", isOver: true, output });
  await expect(job.signal({ type: "approve", by: "late" })).rejects.toMatchObject({ code: "job-closed" });
  // @ts-expect-error: the machine knows no such event
  await expect(job.signal({ type: "refuse" })).rejects.toMatchObject({ code: "job-closed" });
  await expect(engine.start(order, { jobId: "a", input: { amount: 5 } })).rejects.toMatchObject({ code: "job-exists" });
});

test("a program that is killed goes on where it stood when it is run again: nothing is done twice", async () => {
  const run = () => start(database(), journal);
  const first = run();
  await first.line(([, , state]) => state === "waiting");
  first.child.kill("SIGKILL");
  await first.end;

  const second = run();
  await second.line(([, , state]) => state === "waiting");
  // Another process leaves word for it, and waits for its end.
  using store = await openStore(database());
  const order = orderWorkflow(journal);
  await using engine = await createEngine({ store, workflows: [order] });
  const job = engine.resume(order, "a");
  await job.signal({ type: "approve", by: "another process" });
  const output = { receipt: "a:1:0 over 5", by: "another process", parcel: "parcel of a:1:0 over 5" };
  expect(await job.result()).toEqual(output);
  expect(await second.end).toEqual(output);
  expect(journalLines()).toEqual(["charge 1", "post"]);
});

test("who waits for a job takes it over when its owner dies", async () => {
  const first = start(database(), journal);
  await first.line(([, , state]) => state === "waiting");
  using store = await openStore(database());
  const order = orderWorkflow(journal);
  await using engine = await createEngine({ store, workflows: [order] });
  const job = engine.resume(order, "a");
  await job.signal({ type: "approve", by: "heir" });
  first.child.kill("SIGKILL");
  await first.end;
  expect(await job.result()).toMatchObject({ by: "heir" });
});

test("a closed engine stops its jobs, each can be gone on with, and a timer fires then", async () => {
  using store = await openStore(database());
  {
    const order = orderWorkflow(journal, { patienceMs: 50 });
    const engine = await createEngine({ store, workflows: [order] });
    const job = await engine.start(order, { jobId: "a", input: { amount: 1 } });
    await engine.start(order, { jobId: "b", input: { amount: 2 } });
    const result = job.result();
    const told = expect(result).rejects.toMatchObject({ code: "job-interrupted" });
    await engine.close();
    await told;
  }
  const order = orderWorkflow(journal, { patienceMs: 50 });
  await using engine = await createEngine({ store, workflows: [order] });
  const jobs = engine.resumeAll();
  expect(jobs.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(await Promise.all(jobs.map((job) => job.result()))).toMatchObject([{ by: "nobody" }, { by: "nobody" }]);
  expect(engine.resumeAll()).toEqual([]);
});

test("cancel, pause and continue work for a machine that has no word for them", async () => {
  using store = await openStore(":memory:");
  const order = orderWorkflow(journal);
  await using engine = await createEngine({ store, workflows: [order] });
  const job = await engine.start(order, { jobId: "a", input: { amount: 5 } });
  await job.pause();
  await expect(job.result()).rejects.toMatchObject({ code: "job-paused" });
  expect(job.standing()).toMatchObject({ status: "paused", isOver: false });
  await job.continue();
  await job.cancel();
  await expect(job.result()).rejects.toMatchObject({ code: "job-cancelled" });
  expect(job.standing()).toMatchObject({ status: "cancelled", isOver: true });
});

test("a failed job's result throws, with the error that was kept", async () => {
  using store = await openStore(":memory:");
  const order = orderWorkflow(journal);
  await using engine = await createEngine({ store, workflows: [order] });
  const job = await engine.start(order, { jobId: "a", input: { amount: -1 } });
  await expect(job.result()).rejects.toMatchObject({
    name: "OrchError",
    code: "job-failed",
    message: expect.stringContaining("nobody pays that"),
    details: { jobId: "a", status: "failed", error: { message: "nobody pays that" } },
  });
});

test("an activity is tried again as its policy says, and what looks like a secret is not stored", async () => {
  using store = await openStore(":memory:");
  const machine = setup({
    types: { context: {} as { said: string }, output: {} as string },
    actors: { ask: activity<null, string>() },
  }).createMachine({
    context: { said: "" },
    initial: "asking",
    states: {
      asking: {
        invoke: {
          src: "ask",
          id: "ask",
          input: null,
          onDone: { target: "done", actions: assign({ said: ({ event }) => event.output }) },
        },
      },
      done: { type: "final" },
    },
    output: ({ context }) => context.said,
  });
  const attempts: number[] = [];
  const asking = defineWorkflow({
    name: "asking",
    version: 1,
    machine,
    activities: {
      ask: {
        run: async (_input, { attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new Error("not yet");
          return "the word is swordfish-42";
        },
        retry: { maximumAttempts: 3, initialIntervalMs: 1, backoffCoefficient: 1, maximumIntervalMs: 1 },
      },
    },
  });
  await using engine = await createEngine({ store, workflows: [asking], secrets: ["swordfish-42"] });
  const job = await engine.start(asking, {});
  expect(await job.result()).not.toContain("swordfish");
  expect(attempts).toEqual([1, 2, 3]);
});

test("what cannot run durably, what is unknown, and what is another workflow's job is refused", async () => {
  using store = await openStore(":memory:");
  const order = orderWorkflow(journal);
  const inline = defineWorkflow({
    name: "inline",
    version: 1,
    machine: setup({}).createMachine({ id: "inline", entry: () => {} }),
  });
  await expect(createEngine({ store, workflows: [inline] })).rejects.toMatchObject({
    code: "workflow-refused",
    message: expect.stringContaining('state "inline" has an inline action'),
  });
  await using engine = await createEngine({ store, workflows: [order, ...order.children] });
  expect(() => engine.resume(order, "nobody")).toThrow(expect.objectContaining({ code: "job-unknown" }));
  // @ts-expect-error: the machine declares an input
  await engine.start(order, { jobId: "c" });
  await expect(engine.start(order, { input: { amount: Number.NaN } })).rejects.toMatchObject({ code: "bad-input" });
  await engine.start(order, { jobId: "a", input: { amount: 1 } });
  const [parcel] = order.children;
  expect(() => engine.resume(parcel as never, "a")).toThrow(expect.objectContaining({ code: "job-of-other-workflow" }));
});

interface Started {
  readonly child: ChildProcess;
  line(isMeant: (entry: readonly [seq: number, actorId: string, state: unknown]) => boolean): Promise<void>;
  /** The last line, when the process has ended. */
  readonly end: Promise<unknown>;
}

function start(...args: readonly string[]): Started {
  const program = join(import.meta.dirname, "durable-engine.fixture.ts");
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: unknown[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    lines.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  const end = new Promise<unknown>((resolve) => child.on("close", () => resolve(lines.at(-1))));
  return {
    child,
    end,
    line: (isMeant) =>
      new Promise((resolve) => {
        const look = () => {
          if (!lines.some((line) => Array.isArray(line) && isMeant(line as never))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
