import { expect, test } from "vitest";
import type { Divergence } from "../../engine/replay.ts";
import { plain } from "./paint.ts";
import { replayLines } from "./replay-lines.ts";

const kept = { state: "working", snapshotHash: "abc", effects: [{ type: "stop", id: "plan" }] };
const differing = (got: Partial<Divergence["got"]>): Divergence => ({
  seq: 5,
  actorId: "job",
  eventType: "plan.approve",
  expected: kept,
  got: { ...kept, ...got },
});

test("a history that leads to the same is told in one line", () => {
  const found = { jobId: "j", same: 1, divergence: null, changed: [] };
  expect(replayLines(found, plain)).toEqual(["job j: 1 entry, the same snapshots"]);
});

test("a workflow that was changed under its number is told, even where it made no difference", () => {
  const found = { jobId: "j", same: 2, divergence: null, changed: ["subtask version 1"] };
  expect(replayLines(found, plain)).toEqual([
    "job j: 2 entries, the same snapshots",
    "the workflow subtask version 1 is not the one that the job began with: orch resume refuses it",
  ]);
});

test("of the entry that differs only what differs is told, what the model wrote without control codes", () => {
  const divergence = differing({ state: { failed: "\u001b[31mred" }, effects: [] });
  expect(replayLines({ jobId: "j", same: 4, divergence, changed: [] }, plain)).toEqual([
    "job j first differs at entry 5: job, plan.approve",
    "  state, as kept: working",
    "  state, as it comes out today: failed.[31mred",
    '  effects, as kept: {"type":"stop","id":"plan"}',
    "  effects, as it comes out today: none",
    "4 entries before it lead to the same snapshots",
  ]);
});
