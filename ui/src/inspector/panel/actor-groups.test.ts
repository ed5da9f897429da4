import { expect, test } from "vitest";
import type { ActorItem } from "../../../../src/core/protocol/history.ts";
import { actorRows } from "./actor-groups.ts";

const actor = (id: string, state: ActorItem["state"], status: ActorItem["status"] = "active"): ActorItem => ({
  ...{ id, parentId: "job", invokeId: id, workflow: "subtask", version: 1, seq: 1 },
  ...{ state, status },
});
const shown = (actors: readonly ActorItem[], text = "") =>
  actorRows(actors, text).map((row) => (row.kind === "group" ? `${row.name} (${row.size})` : row.name));

test("actors are grouped by their state: what moves first, then what failed, then what is done", () => {
  const actors = [
    actor("job", "working"),
    actor("job/a", "done", "done"),
    actor("job/b", "coding"),
    actor("job/c", "failed", "done"),
    actor("job/d", { settingUp: "running" }),
    actor("job/e", "coding"),
    actor("job/f", null),
  ];
  expect(shown(actors)).toEqual([
    "subtask · coding (2)",
    "b",
    "e",
    "subtask · not begun (1)",
    "f",
    "subtask · settingUp.running (1)",
    "d",
    "subtask · failed (1)",
    "c",
    "subtask · done (1)",
    "a",
  ]);
});

test("names are in the order in which a person counts, and found without regard to case", () => {
  const actors = ["job/part-10", "job/part-9", "job/Other"].map((id) => actor(id, "coding"));
  expect(shown(actors, "PART")).toEqual(["subtask · coding (2)", "part-9", "part-10"]);
  expect(shown(actors, "nothing like it")).toEqual([]);
});
