/** What runs for a job on this machine: shown while it runs, found when it is orphaned, ended when the job is cancelled. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ProcessView } from "../src/jobs/process-view.ts";
import { planScript, type ScriptedSubtask } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");

const held: ScriptedSubtask = { id: "held", steps: [{ run: "touch begun; sleep 300" }, { say: "Done." }] };

/** A command on a machine that has neither a key nor Codex: it needs the database only. */
function look(shop: Workshop, ...args: readonly string[]) {
  const env = { ...shop.environment, OPENAI_API_KEY: "", PATH: "/usr/bin:/bin" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [ORCH, ...args], {
    cwd: shop.base,
    env,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

async function isAtWork(shop: Workshop, subtask: string): Promise<void> {
  const begun = join(shop.repository, ".codex", "jobs", "job", "worktrees", subtask, "begun");
  await expect.poll(() => existsSync(begun), { timeout: 30_000 }).toBe(true);
}

/** Only of this test's repository: other tests run on the same machine. */
function ps(shop: Workshop): ProcessView[] {
  const lines = look(shop, "ps", "--json").split("\n").filter(Boolean);
  const all = lines.map((line) => JSON.parse(line) as ProcessView);
  return all.filter(({ repository }) => repository === shop.repository);
}

test("a job's processes are listed; orphans are ended when the job is cancelled, without a key and without Codex", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [held] }), folder: "ein Ort" });
  const run = shop.run("job");
  await isAtWork(shop, "held");
  const [orchestrator, agent, ...more] = ps(shop);
  expect(orchestrator).toMatchObject({ pid: run.pid, kind: "orchestrator", state: "running", jobId: "job" });
  expect(orchestrator?.command).toContain("--job-id job");
  expect(agent).toMatchObject({ kind: "agent", state: "running", jobId: "job", subtask: "held" });
  expect(Math.abs((agent?.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  // The sandbox, and the command in it.
  expect(agent?.started.length).toBeGreaterThan(0);
  expect(more).toEqual([]);

  run.kill("SIGKILL");
  await run.end;
  expect(ps(shop)).toEqual([{ ...agent, state: "orphan", started: expect.any(Array) }]);
  expect(look(shop, "ps")).toContain("job job has no orchestrator: orch resume job, or orch cancel job");

  const said = look(shop, "cancel", "job");
  expect(said).toMatch(new RegExp(`\\d processes that nobody watched over any more ended: .*\\b${agent?.pid}\\b`));
  expect(ps(shop)).toEqual([]);
  expect(shop.processes()).toEqual([]);
  expect(look(shop, "list")).toMatch(/^job +cancelled/m);
  using store = await shop.store();
  expect(store.listActivities("job", { status: "scheduled" })).toEqual([]);
  expect(store.listHistory("job").at(-1)).toMatchObject({ event: { type: "job.cancel" }, state: "cancelled" });
});

test("a setup command whose orchestrator was killed is ended with the job", async () => {
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "part" }] }),
    config: { setup: ["touch begun; setsid sleep 300 & sleep 301"] },
  });
  const run = shop.run("job");
  await isAtWork(shop, "part");
  run.kill("SIGKILL");
  await run.end;
  expect(ps(shop)).toMatchObject([{ kind: "command", state: "orphan", subtask: "part" }]);
  look(shop, "cancel", "job");
  expect(shop.processes()).toEqual([]);
});

test("a second Ctrl-C stops at once, and leaves no command behind", async () => {
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "part" }] }),
    // It does not end by itself when it is told to.
    config: { setup: ["trap '' TERM; touch begun; setsid sleep 300 & sleep 301; sleep 302"] },
  });
  const run = shop.run("job");
  await isAtWork(shop, "part");
  run.kill("SIGINT");
  const again = setInterval(() => run.kill("SIGINT"), 100);
  const { code } = await run.end;
  clearInterval(again);
  expect(code).toBe(130);
  await expect.poll(() => shop.processes()).toEqual([]);
});

test("a paused job and one that waits are cancelled where they stand", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [held] }) });
  const waiting = shop.run("asks", ["--approve-plan"]);
  await waiting.event(({ type }) => type === "job.waiting");
  waiting.kill("SIGINT");
  await waiting.end;
  look(shop, "cancel", "asks");

  const run = shop.run("job");
  await isAtWork(shop, "held");
  look(shop, "pause", "job");
  await run.end;
  expect(look(shop, "list")).toMatch(/^job +paused/m);
  look(shop, "cancel", "job");
  expect(look(shop, "list")).toMatch(/^job +cancelled/m);
  expect(look(shop, "list")).toMatch(/^asks +cancelled/m);
});
