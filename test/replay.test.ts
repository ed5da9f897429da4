/** Promise 8, as a user sees it: `orch history`, `orch replay`, and a job whose workflow this orch does not have. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { rowsOfJob } from "../src/store/testing/rows-of-job.ts";
import { planScript, TASK } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");

/** A command that needs neither a key nor Codex. */
function look(shop: Workshop, ...args: readonly string[]) {
  const { HOME, XDG_STATE_HOME } = shop.environment;
  const env = { HOME, XDG_STATE_HOME, PATH: "/nowhere" } as NodeJS.ProcessEnv;
  return spawnSync(process.execPath, [ORCH, ...args], { cwd: shop.base, env, encoding: "utf8" });
}

function databaseOf(shop: Workshop): string {
  return join(shop.base, "state", "orch", "orchestrator.db");
}

function change(shop: Workshop, statement: string): void {
  const database = new Database(databaseOf(shop));
  database.exec(statement);
  database.close();
}

test("promise 8: history numbers what happened, replay finds it the same or says where it is not, without key or Codex", async () => {
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one" }, { id: "two", dependsOn: ["one"] }] }),
  });
  const { code, stderr } = await shop.run("job").end;
  expect(code, stderr).toBe(0);

  const lines = look(shop, "history", "job").stdout.trimEnd().split("\n");
  expect(lines.map((line) => Number(line.trim().split(" ")[0]))).toEqual(lines.map((_, index) => index + 1));
  expect(lines[0]).toMatch(/^ 1 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}job +begins: coding-job version 1 +preparing/);
  expect(lines.at(-1)).toMatch(/ {2}job +describe is done +done$/);
  const ofOne = look(shop, "history", "job", "--actor", "one").stdout.trimEnd().split("\n");
  // Columns are as wide as what stands in them.
  const words = (line: string) => line.trim().split(/ +/);
  expect(ofOne.map(words)).toEqual(lines.filter((line) => line.includes("  job/one ")).map(words));
  expect(ofOne.length).toBeGreaterThan(4);
  const entries = look(shop, "history", "job", "--json").stdout.trimEnd().split("\n");
  expect(entries.map((line) => JSON.parse(line) as unknown)).toMatchObject(
    lines.map((_, index) => ({
      seq: index + 1,
      actorId: expect.stringMatching(/^job/),
      event: {},
      state: expect.anything(),
    })),
  );
  expect(look(shop, "history", "job", "--limit", "3").stdout.trimEnd().split("\n")).toEqual(lines.slice(-3));
  expect(look(shop, "history", "job", "--limit", "999").stdout.trimEnd().split("\n")).toEqual(lines);
  const newestOfOne = look(shop, "history", "job", "--actor", "one", "--limit", "1").stdout;
  expect(newestOfOne.trimEnd()).toBe(ofOne.at(-1));
  expect(look(shop, "history", "job", "--limit", "few")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("--limit is not a number"),
  });
  expect(look(shop, "history", "job", "--actor", "tow")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("did you mean two?"),
  });

  expect(look(shop, "replay", "job")).toMatchObject({
    status: 0,
    stdout: `job job: ${lines.length} entries, the same snapshots\n`,
    stderr: "",
  });
  const seq = lines.findIndex((line) => line.includes("codex is done")) + 1;
  const { snapshot_hash: hash } = (
    rowsOfJob(databaseOf(shop), "job").history as { seq: number; snapshot_hash: string }[]
  ).find((row) => row.seq === seq) as { snapshot_hash: string };
  change(shop, `UPDATE history SET snapshot_hash = 'tampered' WHERE seq = ${seq}`);
  const found = look(shop, "replay", "job");
  expect(found).toMatchObject({ status: 1, stderr: "" });
  expect(found.stdout).toContain(`first differs at entry ${seq}: job/one, xstate.done.actor.codex`);
  expect(found.stdout).toContain("snapshot, as kept: tampered");
  expect(found.stdout).toContain(`snapshot, as it comes out today: ${hash}`);
  expect(found.stdout).not.toContain("state, as kept");
  expect(JSON.parse(look(shop, "replay", "job", "--json").stdout)).toMatchObject({
    jobId: "job",
    same: seq - 1,
    divergence: { seq, actorId: "job/one", got: { snapshotHash: hash } },
  });
  change(shop, `UPDATE history SET snapshot_hash = '${hash}' WHERE seq = ${seq}`);
});

test("promise 8: a job whose workflow version is gone is parked: told so, left as it is to the byte, and resumed by a release that has it", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "part" }] }) });
  const run = shop.orch(["run", TASK, "--repo", shop.repository, "--job-id", "job", "--json", "--approve-plan"]);
  await run.event(({ type }) => type === "job.waiting");
  run.kill("SIGTERM");
  await run.end;
  await shop.orch(["approve", "job"]).end;

  // As a later release of orch would have left it.
  const toVersion = (from: number, to: number) =>
    change(
      shop,
      `UPDATE jobs SET version = ${to};
       UPDATE actors SET version = ${to} WHERE workflow = 'coding-job';
       UPDATE history SET event_json = replace(event_json, '"coding-job","version":${from}', '"coding-job","version":${to}')`,
    );
  toVersion(1, 99);
  const before = rowsOfJob(databaseOf(shop), "job");
  expect(before.history?.length).toBeGreaterThan(3);

  const refused = await shop.orch(["resume", "job"]).end;
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("job job is parked: this orch does not have the workflow coding-job version 99");
  expect(refused.stderr).toContain("run the job with the release of orch that began it; nothing of it is lost");
  expect(look(shop, "list").stdout).toMatch(/^job +waiting /m);
  expect(look(shop, "show", "job")).toMatchObject({ status: 0, stdout: expect.stringContaining("part") });
  expect(look(shop, "history", "job")).toMatchObject({ status: 0, stdout: expect.stringContaining("version 99") });
  expect(look(shop, "replay", "job")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("coding-job version 99"),
  });
  expect(rowsOfJob(databaseOf(shop), "job")).toEqual(before);
  toVersion(99, 1);

  change(shop, "UPDATE actors SET definition_hash = upper(definition_hash)");
  const changed = rowsOfJob(databaseOf(shop), "job");
  const other = await shop.orch(["resume", "job"]).end;
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("is not the one that the job began with");
  expect(look(shop, "replay", "job")).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/entries, the same snapshots\nthe workflow coding-job version 1 is not the one/),
  });
  expect(rowsOfJob(databaseOf(shop), "job")).toEqual(changed);
  change(shop, "UPDATE actors SET definition_hash = lower(definition_hash)");

  const resumed = await shop.resume("job").end;
  expect(resumed.events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
});
