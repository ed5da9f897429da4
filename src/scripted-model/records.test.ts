import { expect, test } from "vitest";
import { askedAgain, type RequestRecord } from "./records.ts";

let count = 0;
const record = (change: Partial<RequestRecord>): RequestRecord => ({
  n: ++count,
  at: 0,
  endedAt: 0,
  client: "codex",
  threadId: "a",
  conversation: "a",
  turn: "dig",
  step: 1,
  promptHash: "p",
  again: null,
  outcome: "answered",
  completed: true,
  usage: null,
  problem: null,
  ...change,
});

test("a step that was completed twice in one conversation was asked again", () => {
  const records = [record({ n: 1 }), record({ n: 2, step: 2 }), record({ n: 3 })];
  expect(askedAgain(records)).toEqual([{ conversation: "a", turn: "dig", step: 1, requests: [1, 3] }]);
});

test("what was not completed, interrupted, or waited for was not paid in vain", () => {
  const records = [
    record({ completed: false, outcome: "fault:cut" }),
    record({ completed: false, outcome: "client-gone" }),
    record({}),
    record({ again: "interrupted" }),
    record({ again: "still-running" }),
    record({ turn: null, step: null, completed: false, outcome: "refused" }),
  ];
  expect(askedAgain(records)).toEqual([]);
});

test("the same prompt in another thread counts only when threads are looked across", () => {
  const records = [
    record({ n: 1 }),
    record({ n: 2, conversation: "b" }),
    record({ n: 3, promptHash: "q", conversation: "c" }),
  ];
  expect(askedAgain(records)).toEqual([]);
  expect(askedAgain(records, { acrossThreads: true })).toEqual([
    { conversation: "a", turn: "dig", step: 1, requests: [1, 2] },
  ]);
});
