/** A workflow can be drawn where its program is not. */

import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { setup } from "xstate";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { createEngine } from "./engine.ts";
import { keptChart } from "./kept-charts.ts";
import { activity } from "./testing/activity.ts";
import { firstOwner } from "./testing/harness.ts";

const machine = (state: string) =>
  setup({ actors: { work: activity() } }).createMachine({
    id: "mine",
    initial: "working",
    states: { working: { invoke: { src: "work", id: "work", onDone: state } }, [state]: { type: "final" } },
  });

async function run(path: string, state: string, version: number, jobId: string): Promise<void> {
  const workflows = [{ name: "mine", version, machine: machine(state) }];
  const store = await openSqliteStore(path);
  const activities = { work: { run: async () => null } };
  const engine = createEngine({ store, workflows, activities, owner: firstOwner, isGone: () => false });
  engine.start({ workflow: "mine", jobId, input: null });
  expect(await engine.run(jobId)).toMatchObject({ status: "done" });
  store.close();
}

test("the chart of each version is there for whoever opens the database, as the last engine that ran it has it", async () => {
  const path = join(temporaryFolder(), "orch.db");
  await run(path, "first", 1, "a");
  await run(path, "second", 2, "b");
  const onlooker = await openSqliteStore(path);
  onTestFinished(() => onlooker.close());
  const states = (version: number) => keptChart(onlooker, "mine", version)?.states.map(({ id }) => id);
  expect(states(1)).toEqual(["mine", "mine.working", "mine.first"]);
  expect(states(2)).toEqual(["mine", "mine.working", "mine.second"]);
  expect(keptChart(onlooker, "mine", 2)?.definitionHash).toBe(onlooker.getJob("b")?.definitionHash);
  expect(states(3)).toBeUndefined();
  await run(path, "changed", 2, "c");
  expect(states(2)).toEqual(["mine", "mine.working", "mine.changed"]);
  onlooker.putNote({ jobId: "", name: "chart-mine-1", content: { what: "is this" } });
  expect(states(1)).toBeUndefined();
});
