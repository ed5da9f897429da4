import { expect, test } from "vitest";
import type { LogSource } from "../../../src/core/protocol/logs.ts";
import { groupLogs, namesOf, shortTitle } from "./log-groups.ts";

const log = (id: string, subtaskId: string | null, title = id): LogSource => ({
  ...{ id, kind: "turn", title, subtaskId, bytes: 1, updatedAt: 0, isItems: true },
});

test("the job's own logs come first, then each subtask's in the order of the plan", () => {
  const groups = groupLogs([log("t2", "b"), log("job", null), log("t1", "a"), log("x", "gone")], ["a", "b", "c"]);
  expect(groups.map(({ subtaskId, logs }) => [subtaskId, logs.map(({ id }) => id)])).toEqual([
    [null, ["job"]],
    ["a", ["t1"]],
    ["b", ["t2"]],
    ["gone", ["x"]],
  ]);
});

test("a log is not called by its subtask twice, and equal names are counted", () => {
  expect(shortTitle(log("t", "a", "a: turn"))).toBe("Turn");
  expect(shortTitle(log("t", null, "result: conflict"))).toBe("Result: conflict");
  expect(namesOf([log("1", "a", "a: turn"), log("2", "a", "a: turn"), log("3", "a", "a: setup")])).toEqual([
    "Turn 1",
    "Turn 2",
    "Setup",
  ]);
});
