/** A dry run: the plan is made and shown, with all that a job would do; nothing is executed, and nothing is made. */

import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { dryRunEventSchema } from "../src/core/protocol/dry-run.ts";
import { openDashboard } from "./support/dashboard.ts";
import { planScript, TASK } from "./support/plan-script.ts";
import { Workshop, type WorkshopOptions } from "./support/workshop.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");
const DRY = { ORCHESTRATOR_DRY_RUN: "1" };

const call = (...command: string[]) => ({
  call: "run_repo_command",
  arguments: { command, worktree: null, offset: null },
});

const open = (options: Partial<WorkshopOptions> = {}) =>
  Workshop.open({
    config: { setup: ["npm ci"], verify: ["npm test"], copy: [".env"], verifyAccess: "network", concurrency: 2 },
    script: planScript({
      before: [call("git", "log", "--oneline"), call("git", "push")],
      answer: { fault: { status: 500, times: 1 } },
      subtasks: [{ id: "three", dependsOn: ["one", "two"] }, { id: "one" }, { id: "two" }],
    }),
    ...options,
  });

/** Every file below a folder, also git's own, with its content. */
function everything(folder: string): string {
  return execFileSync("sh", ["-c", "find . | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum"], {
    cwd: folder,
    encoding: "utf8",
  });
}

test("the plan is shown with what a job would do, in order, and no file of the repository is other than before", async () => {
  await using shop = await open();
  const before = everything(shop.repository);
  const args = ["run", TASK, "--repo", shop.repository, "--job-id", "dry", "--dry-run"];
  const { code, stdout, stderr } = await shop.orch(args).end;
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^dry run of job dry: Write the parts\n/);
  expect(stdout).toMatch(/^– skipped: git log --oneline$/m);
  expect(stdout).toMatch(/^– refused: git push\n {2}git push is not allowed/m);
  expect(stdout).toMatch(/^ {2}three {2}Part three {2}\(after one, two\)\n {6}Write what belongs to three\.$/m);
  const would = stdout.slice(stdout.indexOf("a job would:"));
  expect(would.replace(/\n\nnothing was executed[\s\S]*/, "").replaceAll(/[0-9a-f]{10}/g, "<commit>")).toBe(
    [
      "a job would:",
      "  1. keep its files in .codex/jobs/dry/, out of git status by a line in info/exclude",
      "  2. work on the subtasks, at most 2 at a time, each in a worktree of its own on orch/dry/<subtask>, from <commit> or from what it waits for:",
      "       first one, two",
      "       then  three",
      "       copied into each: .env",
      "       set up each (sandboxed, with the network):",
      "         npm ci",
      "  3. merge them into branch result-dry, in .codex/jobs/dry/worktrees/result",
      "  4. verify the result (sandboxed, with the network):",
      "         npm test",
      "  5. push nothing",
    ].join("\n"),
  );
  // What went wrong on the way was tried again, as in a job; nobody but the planner was asked.
  expect(stderr).toMatch(/tried again in/);
  expect(shop.model.requests.map(({ outcome, turn }) => [turn, outcome])).toEqual([
    ["plan", "answered"],
    ["plan", "answered"],
    ["plan", expect.stringMatching(/./)],
    ["plan", "answered"],
  ]);
  expect(everything(shop.repository)).toBe(before);
  expect(existsSync(join(shop.base, "state"))).toBe(false);
});

test("with --json it is a line for each command, and one with the whole; the task's secrets are not in it", async () => {
  await using shop = await open();
  const secret = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB";
  const args = [ORCH, "run", `${TASK} with ${secret}`, "--repo", shop.repository, "--job-id", "dry", "--json"];
  const options = { cwd: shop.base, env: { ...shop.environment, ...DRY } };
  const { stdout: json } = await promisify(execFile)(process.execPath, args, options);
  const events = json
    .trim()
    .split("\n")
    .map((line) => dryRunEventSchema.parse(JSON.parse(line)));
  expect(events.map(({ type }) => type)).toEqual(["dry-run.skipped", "dry-run.skipped", "dry-run.planned"]);
  expect(events[2]).toMatchObject({
    task: `${TASK} with [redacted]`,
    subtasks: [
      { id: "one", round: 1, branch: "orch/dry/one", worktree: ".codex/jobs/dry/worktrees/one" },
      { id: "two", round: 1 },
      { id: "three", round: 2, dependsOn: ["one", "two"], instructions: "Write what belongs to three." },
    ],
    setup: { commands: ["npm ci"], access: "network" },
    push: null,
  });
  expect(json).not.toContain(secret);
});

test("what a job would be refused for, a dry run is refused for", async () => {
  await using shop = await open();
  const ends = await Promise.all(
    [
      ["run", TASK, "--repo", shop.repository, "--dry-run", "--base-branch", "none"],
      ["run", TASK, "--repo", shop.repository, "--dry-run", "--push-result"],
    ].map((args) => shop.orch(args).end),
  );
  expect(ends.map(({ code, stderr }) => [code, stderr.split("\n")[0]])).toEqual([
    [2, 'orch: there is no branch "none"'],
    [2, expect.stringMatching(/remote/)],
  ]);
  expect(shop.model.requests).toEqual([]);
});

test("a dispatcher shows its tasks, one after the other; what is there already is not touched by anything", async () => {
  await using shop = await open({ script: planScript({ subtasks: [{ id: "one" }] }), config: {} });
  expect((await shop.run("real").end).code).toBe(0);
  const tasks = { ...DRY, DISPATCH_TASKS: `${TASK}: the first\\n${TASK}: the second` };
  const before = everything(shop.repository);
  const dispatched = await shop.orch(["dispatch", "--repo", shop.repository], tasks).end;
  expect(dispatched.code, dispatched.stderr).toBe(0);
  expect(dispatched.stdout.match(/^dry run of job .*$/gm)?.map((line) => line.split(": ").slice(1).join(": "))).toEqual(
    [`${TASK}: the first`, `${TASK}: the second`],
  );
  const telegram = { TELEGRAM_BOT_TOKEN: "7000000001:AAtest-0123456789abcdef", ADMIN_TELEGRAM_ID: "1" };
  const refused = await Promise.all([
    shop.orch(["dispatch", "--repo", shop.repository], { ...DRY, ...telegram }).end,
    ...["cancel", "retry", "pause"].map((command) => shop.orch([command, "real"], DRY).end),
    shop.orch(["fork", "real", "--at", "3"], DRY).end,
  ]);
  for (const { code, stderr } of refused) {
    expect(code).toBe(2);
    expect(stderr).toMatch(/dry run/);
  }
  await using dashboard = await openDashboard(shop, DRY);
  const body = JSON.stringify({ action: "cancel" });
  const headers = { "content-type": "application/json" };
  const told = await dashboard.client.fetch("/api/jobs/real/actions", { method: "POST", headers, body });
  expect([told.status, await told.json()]).toMatchObject([400, { error: { code: "dry-run" } }]);
  expect((await dashboard.client.fetch("/api/jobs")).status).toBe(200);
  const cleaned = await shop.orch(["clean", "real"], DRY).end;
  expect([cleaned.code, cleaned.stdout]).toEqual([0, expect.stringMatching(/would remove/)]);
  expect(everything(shop.repository)).toBe(before);
  using store = await shop.store();
  expect(store.listJobs({ limit: 10 }).map(({ id, status }) => [id, status])).toEqual([["real", "done"]]);
});
