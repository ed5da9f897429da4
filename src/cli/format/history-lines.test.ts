import { expect, test } from "vitest";
import type { Json } from "../../core/json.ts";
import { eventWords, historyLine, stateWords } from "./history-lines.ts";
import { plain } from "./paint.ts";

test.each<[Json, string]>([
  [{ type: "xstate.init", workflow: "subtask", version: 2, input: {} }, "begins: subtask version 2"],
  [{ type: "xstate.done.actor.codex", output: null, actorId: "codex" }, "codex is done"],
  [
    { type: "xstate.error.actor.codex", error: { name: "Error", message: "no\nluck" }, actorId: "codex" },
    "codex failed: no luck",
  ],
  [{ type: "xstate.after.5000.coding-job.failed" }, "after 5000 ms"],
  [{ type: "xstate.after.pause.coding-job.failed" }, "after pause"],
  [{ type: "plan.reject", feedback: "smaller, please" }, "plan.reject smaller, please"],
  [{ type: "job.retry", subtaskId: "one" }, "job.retry one"],
  [{ type: "orch.pause" }, "orch.pause"],
  [[1], "[1]"],
])("an event in a few words: %j", (event, words) => {
  expect(eventWords(event)).toBe(words);
});

test.each<[Json, string]>([
  ["done", "done"],
  [{ verifying: "running" }, "verifying.running"],
  [{ a: { b: "c" }, d: {} }, "a.b.c, d"],
])("a state in a few words: %j", (state, words) => {
  expect(stateWords(state)).toBe(words);
});

test("columns are as wide as the numbers and the actors; what is hostile cannot steer the terminal", () => {
  const line = historyLine({ lastSeq: 1234, actorIds: ["job", "job/parser"] }, plain);
  const entry = {
    jobId: "j",
    seq: 7,
    at: new Date(2030, 0, 31, 9, 5, 7).getTime(),
    actorId: "job",
    event: { type: "plan.reject", feedback: `\u001b[2J\u202egood\n${"x".repeat(500)}` },
    state: { "\u001b]0;title\u0007": "a" },
    snapshotHash: "",
    effects: [],
  };
  expect(line(entry)).toMatch(
    /^ {3}7 {2}2030-01-31 09:05:07 {2}job {9}plan\.reject \[2Jgood x{20,60}… {2}\]0;title\.a$/,
  );
});
