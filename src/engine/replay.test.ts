/** Promise 8: a job's history, folded through its machines once more, gives the same snapshots, or says where it does not. */

import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AnyStateMachine, assign, setup } from "xstate";
import type { Json } from "../core/json.ts";
import type { HistoryRecord } from "../store/store.ts";
import type { MachineEvent } from "./interpreter.ts";
import { Registry } from "./registry.ts";
import { refold, replay } from "./replay.ts";
import { activity } from "./testing/activity.ts";
import { openHarness } from "./testing/harness.ts";
import { InterpretedActor } from "./testing/interpreted-actor.ts";
import { type Happening, randomHappenings, randomMachine, toMachine } from "./testing/random-machine.ts";
import { recordHistory } from "./testing/recorded-history.ts";
import { happen } from "./testing/seen-actor.ts";
import { approval, sequence } from "./testing/workflows.ts";

const runs = Number(process.env.PROPERTY_RUNS ?? 200);
const instantly = { ask: { run: async () => "asked" }, act: { run: async () => "acted" } };

/** A machine by chance, and the events that it took of what happened to it. */
const randomJob = fc.tuple(randomMachine, randomHappenings).map(([root, happenings]) => {
  const machine = toMachine(root).provide({ actors: { child: activity() } } as never) as AnyStateMachine;
  const registry = new Registry([{ name: "random", version: 1, machine }], { child: instantly.ask });
  const actor = new InterpretedActor(toMachine(root));
  for (const [step, happening] of (happenings as readonly Happening[]).entries()) happen(actor, happening, step);
  return { registry, events: actor.taken };
});

/** The history of a job of `approval` that was rejected once: 6 entries. */
async function approvalJob(): Promise<{ history: readonly HistoryRecord[]; registry: Registry }> {
  const { engine, store, registry } = await openHarness({ workflows: [approval], activities: instantly });
  engine.start({ workflow: "approval", jobId: "j", input: null });
  engine.signal({ jobId: "j", event: { type: "reject" } });
  engine.signal({ jobId: "j", event: { type: "approve" } });
  expect(await engine.run("j")).toMatchObject({ status: "done" });
  return { history: store.listHistory("j"), registry };
}

const changed = (history: readonly HistoryRecord[], seq: number, change: Partial<HistoryRecord>) =>
  history.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry));

describe("promise 8: machines by chance", () => {
  test(`${runs} histories lead to the same snapshots, whether or not the job was restarted at each step`, () => {
    let entries = 0;
    fc.assert(
      fc.property(randomJob, ({ registry, events }) => {
        const kept = recordHistory(registry, "random", events, { restarts: true });
        expect(recordHistory(registry, "random", events, { restarts: false })).toEqual(kept);
        expect(replay(kept, registry)).toEqual({ same: kept.length, divergence: null });
        entries += kept.length;
      }),
      { numRuns: runs },
    );
    expect(entries).toBeGreaterThan(runs);
  });

  test("whatever entry was tampered with, it is that one which is found", () => {
    const tampering = fc.constantFrom<(entry: HistoryRecord) => Partial<HistoryRecord>>(
      ({ state }) => ({ state: { other: state } }),
      ({ snapshotHash }) => ({ snapshotHash: `${snapshotHash.slice(1)}~` }),
      ({ effects }) => ({ effects: [...effects, { type: "emit", event: { type: "made up" } }] }),
    );
    fc.assert(
      fc.property(randomJob, fc.nat(), tampering, ({ registry, events }, place, tamper) => {
        const kept = recordHistory(registry, "random", events, { restarts: false });
        const seq = 1 + (place % kept.length);
        const { same, divergence } = replay(changed(kept, seq, tamper(kept[seq - 1] as HistoryRecord)), registry);
        expect({ same, seq: divergence?.seq }).toEqual({ same: seq - 1, seq });
      }),
      { numRuns: 100 },
    );
  });
});

test("promise 8: refold gives each entry's snapshot, effects and all that was written, up to the point asked for", async () => {
  const { history, registry } = await approvalJob();
  const folded = [...refold(history, registry, { until: 2 })];
  expect(folded.map(({ entry }) => entry)).toEqual(history.slice(0, 2));
  expect(folded.map(({ workflow, step }) => [workflow.name, step.state, step.snapshotHash])).toEqual(
    history.slice(0, 2).map(({ state, snapshotHash }) => ["approval", state, snapshotHash]),
  );
  expect(folded[0]?.step.writes).toEqual([
    { type: "activity", effectId: "j:1:0", invokeId: "ask", name: "ask", input: null },
  ]);
  expect(folded[1]).toMatchObject({
    snapshot: { context: { outputs: ["asked"] } },
    step: { job: { status: "waiting" } },
  });
  expect(JSON.parse(folded[1]?.step.snapshot ?? "")).toMatchObject({ value: "waiting", status: "active" });
});

test("promise 8: a divergence says what was kept and what the machine makes of the event today", async () => {
  const { history, registry } = await approvalJob();
  const event = { type: "reject" };
  expect(history[4]).toMatchObject({ event: { type: "approve" }, state: "acting" });
  const { same, divergence } = replay(changed(history, 5, { event }), registry);
  expect(same).toBe(4);
  expect(divergence).toEqual({
    seq: 5,
    actorId: "job",
    eventType: "reject",
    expected: {
      state: "acting",
      snapshotHash: history[4]?.snapshotHash,
      effects: [{ type: "invoke", id: "act", src: "act", input: null }],
    },
    got: {
      state: "asking",
      snapshotHash: expect.not.stringContaining(history[4]?.snapshotHash as string),
      effects: [{ type: "invoke", id: "ask", src: "ask", input: null }],
    },
  });
});

test("promise 8: an activity's result that was tampered with is found where it came", async () => {
  const { history, registry } = await approvalJob();
  const event = { ...(history[1]?.event as { readonly [key: string]: Json }), output: "forged" };
  const { divergence } = replay(changed(history, 2, { event }), registry);
  expect(divergence).toMatchObject({ seq: 2, eventType: "xstate.done.actor.ask" });
});

test.each<[string, (history: readonly HistoryRecord[]) => readonly HistoryRecord[], number, string]>([
  ["an entry that is missing", (history) => history.filter(({ seq }) => seq !== 3), 3, "is missing"],
  ["a beginning that is missing", (history) => history.slice(1), 1, "is missing"],
  ["an entry that stands there twice", (history) => [...history.slice(0, 2), ...history.slice(1)], 3, "is missing"],
  ["an event of nobody", (history) => changed(history, 2, { actorId: "job/x" }), 2, "job/x, which has not begun"],
  [
    "an event after the end",
    (history) => [...history, { ...(history[0] as HistoryRecord), seq: 7, event: { type: "approve" } }],
    7,
    "has ended",
  ],
  ["no event", (history) => changed(history, 2, { event: [1] }), 2, "has no event"],
  [
    "a first event that does not name the workflow",
    (history) => changed(history, 1, { event: { type: "xstate.init", input: null } }),
    1,
    "does not say of which workflow",
  ],
])("promise 8: %s is told as damage, with the entry's number", async (_name, damage, seq, words) => {
  const { history, registry } = await approvalJob();
  const damaged = damage(history);
  expect(() => replay(damaged, registry)).toThrow(
    expect.objectContaining({
      code: "history-damaged",
      message: expect.stringMatching(new RegExp(`entry ${seq} .*${words}`)),
    }),
  );
});

test("promise 8: the replay of a history whose workflow is gone says so", async () => {
  const { history } = await approvalJob();
  const without = new Registry([sequence("ask")], instantly);
  expect(() => replay(history, without)).toThrow(expect.objectContaining({ code: "workflow-gone" }));
});

test("promise 8: a machine that was changed under its old number is found at the first entry that shows it", async () => {
  const { history } = await approvalJob();
  // As `approval`, but it forgets what was answered.
  const forgetful = approval.machine.provide({ actions: { keep: assign({}) } } as never) as AnyStateMachine;
  const registry = new Registry([{ ...approval, machine: forgetful }], instantly);
  expect(replay(history, registry).divergence).toMatchObject({ seq: 2, eventType: "xstate.done.actor.ask" });
});

test("promise 8: a machine that breaks is replayed to the same error, though its stack is another", async () => {
  const boom = (): never => {
    throw new Error("boom", { cause: new TypeError("deep down") });
  };
  const machine = setup({ actions: { boom: assign(boom) } }).createMachine({ on: { go: { actions: "boom" } } });
  const workflow = { name: "breaking", version: 1, machine: machine as unknown as AnyStateMachine };
  const { engine, store, registry } = await openHarness({ workflows: [workflow] });
  engine.start({ workflow: "breaking", jobId: "j", input: null });
  engine.signal({ jobId: "j", event: { type: "go" } });
  const { error } = await engine.run("j");
  expect(error).toMatchObject({ message: "boom", cause: { stack: expect.stringContaining("deep down") } });
  const usual = Error.stackTraceLimit;
  onTestFinished(() => {
    Error.stackTraceLimit = usual;
  });
  Error.stackTraceLimit = 1;
  const [, broken] = refold(store.listHistory("j"), registry);
  const again = JSON.parse(broken?.step.snapshot ?? "") as { error: { stack: string } };
  expect(again).toMatchObject({ status: "error", error: { message: "boom" } });
  expect(again.error.stack).not.toBe(error?.stack);
  expect(replay(store.listHistory("j"), registry)).toEqual({ same: 2, divergence: null });
});

test("promise 8: the engine's own events leave the snapshot as it is, and are replayed so", () => {
  const registry = new Registry([approval], instantly);
  const events: MachineEvent[] = [{ type: "orch.pause" }, { type: "orch.continue" }];
  const history = recordHistory(registry, "approval", events, { restarts: true });
  expect(new Set(history.map(({ snapshotHash }) => snapshotHash)).size).toBe(1);
  expect(history.map(({ effects }) => effects.length)).toEqual([1, 0, 0]);
  expect(replay(history, registry)).toEqual({ same: 3, divergence: null });
});
