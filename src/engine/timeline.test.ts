import { join } from "node:path";
import { expect, test } from "vitest";
import { openSizedStore, sizedEngine, startSizedJob } from "../../test/support/sized-job.ts";
import { codingRegistry } from "../coding-workflows.ts";
import type { HistoryRecord } from "../store/store.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { ROOT_ACTOR } from "./actor-id.ts";
import type { PersistedSnapshot } from "./interpreter.ts";
import { refold } from "./replay.ts";
import { Timeline } from "./timeline.ts";

async function sizedHistory() {
  const store = await openSizedStore(join(temporaryFolder(), "orch.db"));
  const size = { subtasks: 7, followUps: 1 };
  const engine = sizedEngine(store, size);
  startSizedJob(engine, "big", size);
  await engine.run("big");
  const found = {
    history: store.listHistory("big"),
    actors: store.listActors("big"),
    activities: store.listActivities("big"),
  };
  store.close();
  return found;
}

function timelineOf(history: readonly HistoryRecord[]): Timeline {
  const timeline = new Timeline(codingRegistry());
  for (const entry of history) timeline.take(entry);
  return timeline;
}

test("at the last entry every actor and activity is what the database says", async () => {
  const { history, actors, activities } = await sizedHistory();
  const timeline = timelineOf(history);
  const last = history.length;
  const told = timeline
    .actorsAt(last)
    .map(({ id, workflow, status, snapshot }) => ({ id, workflow, status, context: snapshot?.context }));
  expect(told.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
    actors.map(({ id, workflow, status, snapshot }) => ({
      ...{ id, workflow, status },
      context: (JSON.parse(snapshot ?? "null") as PersistedSnapshot).context,
    })),
  );
  expect(timeline.calls.map(({ effectId, end, endAt }) => [effectId, end, endAt])).toEqual(
    activities.map(({ effectId, status, finishedAt }) => [effectId, status, finishedAt]),
  );
  expect(timeline.divergesAt).toBeNull();
});

test("at every entry the actor that took it is what a replay makes of it", async () => {
  const { history } = await sizedHistory();
  const timeline = timelineOf(history);
  for (const { entry, step } of refold(history, codingRegistry())) {
    const actor = timeline.actorAt(entry.actorId, entry.seq);
    const { context, status } = JSON.parse(step.snapshot) as PersistedSnapshot;
    expect(JSON.parse(JSON.stringify(actor?.snapshot?.context))).toEqual(context);
    expect([actor?.status, actor?.state]).toEqual([status, entry.state]);
  }
  expect(timeline.actorAt(ROOT_ACTOR, 1)?.state).toEqual({ preparing: "folders" });
  expect(timeline.actorAt("job/part-7", 3)).toBeNull();
});

test("from where the machines do something else, states are the history's and contexts are not made up", async () => {
  const { history } = await sizedHistory();
  const at = 20;
  const other = history.map((entry) => (entry.seq === at ? { ...entry, state: "elsewhere" } : entry));
  const timeline = timelineOf(other);
  expect(timeline.divergesAt).toBe(at);
  expect(timeline.actorAt(other[at - 1]?.actorId ?? "", at)).toMatchObject({ state: "elsewhere", snapshot: null });
  expect(timeline.actorAt(ROOT_ACTOR, at - 1)?.snapshot).not.toBeNull();
  const last = other.at(-1);
  expect(timeline.actorAt(ROOT_ACTOR, history.length)).toMatchObject({ state: last?.state, snapshot: null });
});
