/** The database fails under the real command, with real agents at work: a clear word, nothing lost, nothing paid twice. */

import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askedAgain } from "../src/scripted-model/records.ts";
import { startProgram } from "../src/store/testing/child-program.ts";
import { integrityOf } from "../src/store/testing/open-captured.ts";
import { temporaryFolder } from "../src/store/testing/temporary-folder.ts";
import { tinyFileSystem } from "../src/store/testing/tiny-file-system.ts";
import { planScript, TASK, writing } from "./support/plan-script.ts";
import { openSizedStore, sizedEngine, startSizedJob } from "./support/sized-job.ts";
import { Workshop } from "./support/workshop.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");
const lockProgram = new URL("../src/store/testing/lock-program.ts", import.meta.url);

/** Two agents that have written, and are not answered before the gate is opened. */
function openShop(): Promise<Workshop> {
  return Workshop.open({
    script: planScript({
      subtasks: ["one", "two"].map((id) => ({
        id,
        steps: [{ run: writing({ [`${id}.txt`]: id }) }, { run: "ls", hold: "gate" }, { say: "Done." }],
      })),
    }),
  });
}

async function bothHeld(shop: Workshop): Promise<void> {
  while (shop.model.requests.filter(({ turn }) => turn?.startsWith("work-")).length < 4) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const runOn = (shop: Workshop, path: string, args: readonly string[]) =>
  shop.orch([...args, "--json"], { ORCHESTRATOR_DB_PATH: path });

test("agents whose database is held for a while by another program finish as if nothing had been", async () => {
  await using shop = await openShop();
  const path = join(temporaryFolder(), "orch.db");
  const run = runOn(shop, path, ["run", TASK, "--repo", shop.repository, "--job-id", "busy"]);
  await run.event(({ type }) => type === "subtask.started");
  await bothHeld(shop);
  const lock = startProgram(lockProgram, path);
  lock.writeLine("hold");
  expect([await lock.nextLine(), await lock.nextLine()]).toEqual(["ready", "hold"]);
  shop.model.release("gate");
  // Longer than a statement waits, and than it takes the agents to finish.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(run.events.filter(({ type }) => type === "subtask.finished")).toEqual([]);
  lock.writeLine("release");
  const { code, stderr, events } = await run.end;
  expect(code, stderr).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  expect(events.filter(({ type }) => type === "retry")).toEqual([]);
  expect(askedAgain(shop.model.requests, { acrossThreads: true })).toEqual([]);
  expect(integrityOf(path)).toBe("ok");
});

test("a disk that fills up under agents at work ends the run with what to do, ends them, and a resume pays nothing twice", async ({
  skip,
}) => {
  const folder = tinyFileSystem(2048);
  if (folder === undefined) return skip("no file system can be mounted here");
  await using shop = await openShop();
  const path = join(folder, "orch.db");
  const run = runOn(shop, path, ["run", TASK, "--repo", shop.repository, "--job-id", "full"]);
  await run.event(({ type }) => type === "subtask.started");
  await bothHeld(shop);
  const ballast = join(folder, "ballast");
  expect(() => writeFileSync(ballast, Buffer.alloc(8 << 20))).toThrow("ENOSPC");
  shop.model.release("gate");
  const { code, stderr, events } = await run.end;
  expect(code).toBe(1);
  expect(events.at(-1)).toMatchObject({ type: "error", error: { code: "database-full" } });
  expect(stderr).toContain("the work on job full broke off: the database");
  expect(stderr).toContain("orch resume full");
  expect(stderr).not.toContain("    at ");
  expect(shop.processes()).toEqual([]);
  rmSync(ballast);
  expect(integrityOf(path)).toBe("ok");

  const resumed = await runOn(shop, path, ["resume", "full"]).end;
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  expect(askedAgain(shop.model.requests, { acrossThreads: true })).toEqual([]);
  expect(shop.resultFiles("full")).toEqual({ "one.txt": "one", "two.txt": "two" });
});

test("commands on a database that is held or damaged say so in a line, with what to do, and exit with 1", async () => {
  const path = join(temporaryFolder(), "orch.db");
  const store = await openSizedStore(path);
  const size = { subtasks: 3, followUps: 0 };
  startSizedJob(sizedEngine(store, size), "j", size);
  store.close();
  const orch = (...args: readonly string[]) => {
    const env = { ...process.env, ORCHESTRATOR_DB_PATH: path };
    const { status, stderr } = spawnSync(process.execPath, [ORCH, ...args], { env, encoding: "utf8" });
    return { status, lines: stderr.trimEnd().split("\n") };
  };
  const lock = startProgram(lockProgram, path);
  lock.writeLine("hold");
  expect([await lock.nextLine(), await lock.nextLine()]).toEqual(["ready", "hold"]);
  expect(orch("show", "j").status).toBe(0);
  expect(orch("list").status).toBe(0);
  expect(orch("cancel", "j")).toEqual({
    status: 1,
    lines: [
      expect.stringContaining(`orch: the database ${path} is held by another process`),
      expect.stringContaining("try again"),
    ],
  });
  lock.writeLine("release");
  expect(await lock.nextLine()).toBe("release");
  expect(orch("cancel", "j").status).toBe(0);
  lock.kill("SIGKILL");
  await lock.end;

  const whole = `${path}.whole`;
  integrityOf(path);
  copyFileSync(path, whole);
  truncateSync(path, 3 * 4096);
  for (const command of [["list"], ["show", "j"], ["cancel", "j"]]) {
    expect(orch(...command)).toEqual({
      status: 1,
      lines: [expect.stringContaining(`orch: the database ${path} is damaged`), expect.stringContaining("keep a copy")],
    });
  }
  copyFileSync(whole, path);
  expect(orch("show", "j").status).toBe(0);
});
