/** `orch dispatch` with the environment's tasks: real processes, the real main path, the scripted model. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askedAgain } from "../src/scripted-model/records.ts";
import { planOf, planScript, TASK } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");
const SOON = { timeout: 40_000, interval: 50 };
const TASKS = { DISPATCH_TASKS: `${TASK}: the first\\n${TASK}: the second` };

function refused(shop: Workshop, environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { ...shop.environment, ...environment };
  return spawnSync(process.execPath, [ORCH, "dispatch", ...args], {
    cwd: shop.repository,
    env,
    encoding: "utf8",
    timeout: 30_000,
  });
}

test("the environment's tasks are done one after the other; killed in the first one, it goes on where it was", async () => {
  await using shop = await Workshop.open({
    script: planScript({
      subtasks: [{ id: "one", steps: [{ run: "echo one > one.txt" }, { run: "ls", hold: "gate" }, { say: "Done." }] }],
    }),
  });
  const first = shop.orch(["dispatch", "--repo", shop.repository], TASKS);
  const isHeld = () => shop.model.requests.some(({ step, outcome }) => step === 2 && outcome === "pending");
  await expect.poll(isHeld, SOON).toBe(true);
  first.kill("SIGKILL");
  await first.end;
  shop.model.release("gate");
  const { code, stdout, stderr } = await shop.orch(["dispatch", "--repo", shop.repository], TASKS).end;
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(
    /known already, running[\s\S]*done: result-env[\s\S]*taken: Write the parts: the second[\s\S]*2 done, 0 failed/,
  );
  using store = await shop.store();
  const jobs = store.listJobs({ limit: 10 });
  expect(jobs.map(({ status, labels }) => [status, labels.task, labels.source])).toEqual([
    ["done", `${TASK}: the second`, "environment"],
    ["done", `${TASK}: the first`, "environment"],
  ]);
  expect(askedAgain(shop.model.requests)).toEqual([]);
  const log = readFileSync(join(shop.repository, ".codex", "jobs", "dispatcher.log"), "utf8");
  expect(log.match(/ dispatcher\.started /g)).toHaveLength(2);
  expect(log.match(/ task\.finished .*status="done"/g)).toHaveLength(2);
  expect(log).toMatch(/ dispatcher\.stopped reason="done" done=2 failed=0 refused=0\n$/);
});

test("two dispatchers with the same list share it; a job that fails is the exit code, not the end", async () => {
  await using shop = await Workshop.open({
    script: planScript({
      subtasks: [{ id: "one" }],
      turns: [
        {
          name: "never",
          for: "planner",
          match: `${TASK}: badly`,
          steps: [{ json: planOf([{ id: "one" }]), fault: { status: 400, times: "always" } }],
        },
      ],
    }),
    config: { maxAttempts: 1 },
  });
  const tasks = { DISPATCH_TASKS: [`${TASK}: badly`, ...["b", "c", "d"].map((name) => `${TASK}: ${name}`)].join("\n") };
  const runs = [1, 2].map(() => shop.orch(["dispatch", "--repo", shop.repository, "--jobs", "2"], tasks));
  const ends = await Promise.all(runs.map(({ end }) => end));
  for (const { code, stderr } of ends) expect(code, stderr).toBe(1);
  for (const { stdout } of ends) expect(stdout).toMatch(/3 done, 1 failed, 0 refused/);
  using store = await shop.store();
  expect(
    store
      .listJobs({ limit: 10 })
      .map(({ status }) => status)
      .sort(),
  ).toEqual(["done", "done", "done", "failed"]);
  expect(askedAgain(shop.model.requests)).toEqual([]);
});

test("fifty tasks, two at a time, by two dispatchers on one database: each is worked on once, by one of them", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `${TASK} number ${String(index + 1).padStart(2, "0")}`);
  // The model refuses each: what is paid for is a request for each task, and the job is over.
  await using shop = await Workshop.open({
    script: planScript({
      subtasks: [{ id: "one" }],
      turns: names.map((match, index) => ({
        name: `task-${index + 1}`,
        for: "planner" as const,
        match,
        steps: [{ json: planOf([{ id: "one" }]), fault: { status: 400, times: "always" as const } }],
      })),
    }),
    config: { maxAttempts: 1 },
  });
  const tasks = { DISPATCH_TASKS: names.join("\\n") };
  const runs = [1, 2].map(() => shop.orch(["dispatch", "--repo", shop.repository, "--jobs", "2"], tasks));
  const ends = await Promise.all(runs.map(({ end }) => end));
  for (const { code, stdout } of ends) {
    expect(code).toBe(1);
    // Each tells how all of them ended, and has worked on some itself.
    expect(stdout).toMatch(/0 done, 50 failed, 0 refused/);
    expect(stdout.match(/: planning$/gm)?.length).toBeGreaterThan(5);
  }
  expect(shop.model.requests.map(({ turn }) => turn).sort()).toEqual(
    names.map((_, index) => `task-${index + 1}`).sort(),
  );
  using store = await shop.store();
  const jobs = store.listJobs({ limit: 100 });
  expect(jobs.map(({ labels }) => labels.task).sort()).toEqual(names);
  expect(new Set(jobs.map(({ status }) => status))).toEqual(new Set(["failed"]));
}, 180_000);

test("what cannot work is refused with what to do, before anything is taken", async () => {
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one" }] }),
    prepare: ({ commit }) => void commit({ ".env": "TELEGRAM_BOT_TOKEN=1234567:AAbbccddeeff\nADMIN_TELEGRAM_ID=1\n" }),
  });
  expect(refused(shop, {})).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/which git tracks[\s\S]*in the environment/),
  });
  const token = "7654321:AAbbccddeeffgghh";
  const nobody = refused(shop, { TELEGRAM_BOT_TOKEN: token });
  expect(nobody).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/sets ADMIN_TELEGRAM_ID: whoever it names/),
  });
  expect(nobody.stderr).not.toContain(token);
  const wrong = refused(shop, { TELEGRAM_BOT_TOKEN: "my-secret-token-1", ADMIN_TELEGRAM_ID: "1" });
  expect(wrong).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/TELEGRAM_BOT_TOKEN is wrong: it is not the token/),
  });
  expect(wrong.stderr).not.toContain("my-secret");
  expect(refused(shop, TASKS, "--jobs", "many")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("--jobs"),
  });
  expect(refused(shop, TASKS, "--job-id", "x")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("no flag --job-id"),
  });
  const none = spawnSync(process.execPath, [ORCH, "dispatch"], {
    cwd: shop.base,
    env: shop.environment,
    encoding: "utf8",
  });
  expect(none).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/nothing to take tasks from[\s\S]*DISPATCH_TASKS/),
  });
});
