/** Jobs of any size: what a transition writes does not grow with the job, and a large one stops and goes on as a small one. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT_ACTOR } from "../src/engine/actor-id.ts";
import { aroundCommit } from "../src/engine/testing/failpoint.ts";
import { openCaptured } from "../src/store/testing/open-captured.ts";
import { temporaryFolder } from "../src/store/testing/temporary-folder.ts";
import { type Size, sizedEngine, startSizedJob } from "./support/sized-job.ts";

interface Cost {
  readonly statements: number;
  readonly rows: number;
}

/** What the commits of subtasks cost at most, by the event that they took. */
async function costs(size: Size): Promise<ReadonlyMap<string, Cost>> {
  const { store, sqlite } = await openCaptured(join(temporaryFolder(), "orch.db"));
  const statement = Object.getPrototypeOf(sqlite.prepare("select 1")) as Record<"run" | "get" | "all", () => unknown>;
  const original = { run: statement.run, get: statement.get, all: statement.all };
  let statements = 0;
  for (const [name, call] of Object.entries(original)) {
    statement[name as keyof typeof original] = function (this: { readonly source: string }, ...args: unknown[]) {
      // The look for commits of other processes comes when the file has changed, not with a transition.
      if (!/data_version/i.test(this.source)) statements += 1;
      return (call as (...all: unknown[]) => unknown).apply(this, args);
    };
  }
  const changes = sqlite.prepare("select total_changes()").pluck();
  const changed = () => original.get.call(changes) as number;
  const found = new Map<string, Cost>();
  let [statementsBefore, rowsBefore] = [0, changed()];
  const counting = aroundCommit(store, (steps, commit) => {
    const outcomes = commit(steps);
    const [step] = steps;
    if (step && step.actorId !== ROOT_ACTOR) {
      const { type } = step.event as { readonly type: string };
      const before = found.get(type);
      found.set(type, {
        statements: Math.max(before?.statements ?? 0, statements - statementsBefore),
        rows: Math.max(before?.rows ?? 0, changed() - rowsBefore),
      });
    }
    [statementsBefore, rowsBefore] = [statements, changed()];
    return outcomes;
  });
  try {
    const engine = sizedEngine(counting, size);
    startSizedJob(engine, "big", size);
    expect(await engine.run("big")).toMatchObject({ status: "done" });
  } finally {
    Object.assign(statement, original);
    store.close();
  }
  return found;
}

test("promise 7: a subtask's transition reads and writes as much in a job of 60 with a long history as in one of 5", async () => {
  const small = await costs({ subtasks: 5, followUps: 1 });
  expect([...small.keys()].sort()).toEqual([
    "xstate.done.actor.check",
    "xstate.done.actor.codex",
    "xstate.done.actor.commit",
    "xstate.done.actor.integrate",
    "xstate.done.actor.prepare",
    "xstate.init",
  ]);
  expect(await costs({ subtasks: 60, followUps: 1 })).toEqual(small);
  expect(await costs({ subtasks: 5, followUps: 60 })).toEqual(small);
});

test("a job of 500 subtasks that is stopped in the middle goes on to its end, and does nothing twice", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const size = { subtasks: 500, followUps: 0 };
  const turns = 250;
  const first = await openCaptured(path);
  const stop = new AbortController();
  let begun = 0;
  const before = sizedEngine(first.store, size, { stopAfter: turns });
  startSizedJob(before, "big", size);
  const stopped = await before.run("big", {
    signal: stop.signal,
    onUpdate: (update) => {
      if (update.type !== "attempt" || update.activity.name !== "runCodexTurn") return;
      begun += 1;
      if (begun > turns) stop.abort();
    },
  });
  expect(stopped).toMatchObject({ status: "running", lease: null });
  first.store.close();

  const { store } = await openCaptured(path);
  expect(await sizedEngine(store, size).run("big")).toMatchObject({ status: "done" });
  const activities = store.listActivities("big").filter(({ name }) => name === "runCodexTurn");
  expect(activities).toHaveLength(500);
  expect(activities.filter(({ attempt }) => attempt > 1).length).toBeLessThanOrEqual(4);
  expect(store.listHistory("big").map(({ seq }) => seq)).toEqual(
    Array.from({ length: (store.getJob("big")?.nextSeq ?? 1) - 1 }, (_, index) => index + 1),
  );
  store.close();
});
