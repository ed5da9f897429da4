import { expect, test } from "vitest";
import { chartFrom, codingChart, goldenHistory, player } from "../testing/machines.testkit.ts";
import { activeLeaves, stateWords } from "./active-states.ts";
import { ActorPath } from "./actor-path.ts";
import { MachineIndex } from "./machine-index.ts";
import { takenTransitions } from "./taken.ts";

const charts = {
  "coding-job": codingChart("coding-job"),
  subtask: codingChart("subtask"),
  integration: codingChart("integration"),
};
const workflowOf = (actorId: string) =>
  actorId === "job" ? "coding-job" : actorId.endsWith("/integration") ? "integration" : "subtask";

test.each(["demo", "broken", "retried", "approved", "killed"] as const)(
  "each entry of the recorded job %s is explained by transitions of its machine",
  (name) => {
    const before = new Map<string, string[]>();
    for (const { seq, actorId, event, state } of goldenHistory(name)) {
      const machine = new MachineIndex(charts[workflowOf(actorId)]);
      const after = activeLeaves(machine, state);
      const was = before.get(actorId) ?? [];
      const taken = takenTransitions(machine, was, event, after);
      // The first entry is no transition, and what the engine itself notes (`orch.pause`) is none of the machine's.
      if (event !== "xstate.init" && !event.startsWith("orch."))
        expect(taken, `${seq} ${actorId} ${event} ${stateWords(state)}`).not.toEqual([]);
      before.set(actorId, after);
    }
  },
);

test("a path counts every transition and state, up to any entry, as often as it was taken", () => {
  const machine = new MachineIndex(charts["coding-job"]);
  const path = new ActorPath(machine);
  const history = goldenHistory("retried").filter(({ actorId }) => actorId === "job");
  for (const entry of history) path.take(entry);
  const last = history.at(-1)?.seq as number;
  const all = path.upTo(last);
  const retried = history.filter(({ event }) => ["job.retry", "subtask.skip"].includes(event)).length;
  expect(retried).toBeGreaterThan(0);
  expect(all.states.get("coding-job.failed")).toBe(history.filter(({ state }) => state === "failed").length);
  const back = [...all.transitions].filter(([id]) => id.startsWith("coding-job.failed#"));
  expect(back.reduce((sum, [, times]) => sum + times, 0)).toBe(retried);
  expect(all.last?.seq).toBe(last);
  expect(path.upTo(1)).toMatchObject({ last: { seq: 1 }, transitions: new Map() });
  expect(path.upTo(0).last).toBe(null);
});

test("it says which entries came to a state, the newest first", () => {
  const path = new ActorPath(new MachineIndex(charts["coding-job"]));
  for (const entry of goldenHistory("retried")) if (entry.actorId === "job") path.take(entry);
  const found = path.entries(Number.POSITIVE_INFINITY, ({ entered }) => entered.includes("coding-job.failed"), 100);
  expect(found.length).toBeGreaterThan(0);
  expect(found.map(({ seq }) => seq)).toEqual(found.map(({ seq }) => seq).toSorted((a, b) => b - a));
});

test("an event that two regions take is both transitions; one that stays inside is found too", () => {
  const machine = new MachineIndex(chartFrom(player));
  const taken = (before: object | string, event: string, after: object | string) =>
    takenTransitions(machine, activeLeaves(machine, before as never), event, activeLeaves(machine, after as never));
  const on = { on: { sound: "loud", tape: "stopped" } };
  expect(taken("off", "power.on", on)).toHaveLength(1);
  expect(taken(on, "toggle", { on: { sound: "muted", tape: "playing" } })).toHaveLength(2);
  expect(taken(on, "play", { on: { sound: "loud", tape: "playing" } })).toHaveLength(1);
  const playing = { on: { sound: "muted", tape: "playing" } };
  expect(taken(playing, "hum", playing)).toHaveLength(1);
  expect(taken(playing, "power.cut", "off").map((id) => id.split("#")[0])).toEqual(["player"]);
  expect(taken("off", "nonsense", "off")).toEqual([]);
});
