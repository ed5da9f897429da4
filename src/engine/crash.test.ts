/** A real process, killed with SIGKILL wherever it may be; another goes on from what is on disk. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { startProgram } from "../store/testing/child-program.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { createEngine } from "./engine.ts";
import { type Began, crashActivities, crashJobOutput, crashWorkflows } from "./testing/crash-workflow.ts";
import { expectNothingLeft, firstOwner } from "./testing/harness.ts";

const program = new URL("./testing/crash-program.ts", import.meta.url);

interface Place {
  readonly path: string;
  readonly log: string;
}

function newPlace(): Place {
  const folder = temporaryFolder();
  return { path: join(folder, "orch.db"), log: join(folder, "began.jsonl") };
}

const began = ({ log }: Place): Began[] =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Began)
    : [];

/** Runs the program until it dies, or ends. */
async function runProgram({ path, log }: Place, ...when: readonly string[]) {
  const child = startProgram(program, path, log, ...when);
  const lastLine = child.nextLine().catch(() => "");
  const end = await child.end;
  return { end, commits: Number(await lastLine) };
}

/** Goes on with the job in this process, and says what must be true of it whatever had happened before. */
async function resume(place: Place, point: string): Promise<void> {
  const store = await openSqliteStore(place.path);
  const finished = new Set(store.listActivities("j", { status: "completed" }).map(({ effectId }) => effectId));
  const before = began(place);
  const engine = createEngine({
    store,
    workflows: crashWorkflows,
    activities: crashActivities(place.log, () => {}),
    owner: firstOwner,
    isGone: () => true,
  });
  if (!store.getJob("j")) engine.start({ workflow: "trip", jobId: "j", input: null });
  engine.signal({ jobId: "j", event: { type: "approve" }, id: "approve" });
  const job = await engine.run("j");

  expect(job, point).toMatchObject({ status: "done", output: crashJobOutput });
  const again = began(place).slice(before.length);
  expect(
    again.filter(({ effectId }) => finished.has(effectId)),
    `${point}: what had finished ran again`,
  ).toEqual([]);
  for (const { effectId, attempt, lastHeartbeat, name } of again) {
    const earlier = before.filter((one) => one.effectId === effectId);
    if (earlier.length === 0) continue;
    expect({ attempt, lastHeartbeat }, point).toEqual({
      attempt: earlier.length + 1,
      lastHeartbeat: { reached: name },
    });
  }
  expect(
    store.listActivities("j").map(({ status }) => status),
    point,
  ).toEqual(Array(4).fill("completed"));
  const history = store.listHistory("j");
  expect(
    history.map(({ seq }) => seq),
    point,
  ).toEqual(history.map((_, index) => index + 1));
  expect(history, point).toHaveLength(13);
  expectNothingLeft(store);
  store.close();
}

/** Three at a time: each is a process of its own. */
async function forEach(points: readonly (readonly string[])[], run: (point: readonly string[]) => Promise<void>) {
  const waiting = [...points];
  const next = async () => {
    for (let point = waiting.shift(); point; point = waiting.shift()) await run(point);
  };
  await Promise.all([next(), next(), next()]);
}

test("promises 1, 2, 3, 5, 6: killed before or after any of its commits, a job ends as if nothing had been", async () => {
  const { end, commits } = await runProgram(newPlace(), "never");
  expect(end).toBe(0);
  expect(commits).toBeGreaterThan(8);
  const points = Array.from({ length: commits }, (_, index) => String(index + 1)).flatMap((number) => [
    ["before", number],
    ["after", number],
  ]);
  await forEach(points, async (point) => {
    const place = newPlace();
    const { end } = await runProgram(place, ...point);
    // Two children may share a commit or not: the last number may not be reached.
    expect(["SIGKILL", 0], point.join(" ")).toContain(end);
    await resume(place, point.join(" "));
  });
});

test("promise 3: killed inside an activity, the next attempt has the next number and the checkpoint", async () => {
  await forEach(
    ["plan", "walk", "merge"].map((name) => ["inside", name]),
    async (point) => {
      const place = newPlace();
      expect((await runProgram(place, ...point)).end).toBe("SIGKILL");
      const interrupted = began(place).at(-1);
      expect(interrupted).toMatchObject({ name: point[1], attempt: 1 });
      await resume(place, point.join(" "));
      expect(began(place).filter(({ effectId }) => effectId === interrupted?.effectId)).toMatchObject([
        { attempt: 1, lastHeartbeat: null },
        { attempt: 2, lastHeartbeat: { reached: point[1] } },
      ]);
    },
  );
});

test("promise 10: killed after every second commit, over and over, a job comes to its end, and no effect gets a second id", async () => {
  const place = newPlace();
  let deaths = 0;
  while ((await runProgram(place, "after", "2")).end === "SIGKILL") deaths += 1;
  expect(deaths).toBeGreaterThan(3);
  const store = await openSqliteStore(place.path);
  expect(store.getJob("j")).toMatchObject({ status: "done", output: crashJobOutput, lease: null });
  expect(store.listActivities("j").map(({ status }) => status)).toEqual(Array(4).fill("completed"));
  store.close();
  const names = began(place).map(({ effectId }) => effectId);
  expect(new Set(names).size).toBe(4);
});
