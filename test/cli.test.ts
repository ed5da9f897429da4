/** What a user sees of the main job: plain output, `--json`, signals, and the commands that look at a job afterwards. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jobEventSchema } from "../src/core/protocol.ts";
import { askedAgain } from "../src/scripted-model/records.ts";
import { planScript, type ScriptedSubtask, TASK } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");

/** A subtask whose agent waits, after its first command, until the gate is opened. */
const held: ScriptedSubtask = {
  id: "held",
  steps: [{ run: "echo held > held.txt" }, { run: "ls", hold: "gate" }, { say: "Done." }],
};

/** A command that neither runs a job nor asks the model. */
function look(shop: Workshop, ...args: readonly string[]) {
  const options = { cwd: shop.base, env: { ...shop.environment }, encoding: "utf8" } as const;
  return spawnSync(process.execPath, [ORCH, ...args], options);
}

function isHeld(shop: Workshop): Promise<void> {
  return expect
    .poll(() => shop.model.requests.some(({ step, outcome }) => step === 2 && outcome === "pending"), {
      timeout: 30_000,
    })
    .toBe(true);
}

test("plain output tells the plan, each subtask's start and end, what came out and what to do next", async () => {
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one" }, { id: "two", dependsOn: ["one"] }] }),
  });
  const { code, stdout, stderr } = await shop.orch(["run", TASK, "--repo", shop.repository, "--job-id", "job"]).end;
  expect(code, stderr).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).not.toContain("\u001b");
  const told = [
    `job job: ${TASK}`,
    "plan, 2 subtasks: Each part writes its own file.",
    "  two  Part two  (after one)",
    "▸ one: Part one",
    "✓ one: Part one  1 file, +1 −0",
    "▸ two: Part two",
    "✓ two: Part two  1 file, +1 −0",
    "merging",
    "done: 2 subtasks, in ",
    `result-job (${shop.git("rev-parse", "result-job").slice(0, 10)})`,
    "2 files, +2 −0",
    `git -C ${shop.repository} diff trunk...result-job`,
    `git -C ${shop.repository} merge result-job`,
  ];
  let place = 0;
  for (const text of told) {
    const next = stdout.indexOf(text, place);
    expect(next, `${text}, in its place, in\n${stdout}`).toBeGreaterThanOrEqual(place);
    place = next;
  }

  expect(look(shop, "list").stdout).toMatch(/^job +done +\d{4}-\d\d-\d\d \d\d:\d\d +Write the parts +\//m);
  expect(JSON.parse(look(shop, "list", "--json").stdout)).toMatchObject({ id: "job", state: "done", task: TASK });
  expect(JSON.parse(look(shop, "show", "job", "--json").stdout)).toMatchObject({
    id: "job",
    state: "done",
    runBy: null,
    resultBranch: "result-job",
    subtasks: [
      { id: "one", status: "done", instructions: "Write what belongs to one." },
      { id: "two", status: "done", dependsOn: ["one"] },
    ],
  });
  expect(look(shop, "logs", "job", "--follow")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/job\.started[\s\S]*job\.finished/),
  });
  expect(look(shop, "logs", "job", "--subtask", "one").stdout).toContain("Part one is done.");
  expect(look(shop, "logs", "job", "--subtask", "tow")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("did you mean two?"),
  });
  expect(look(shop, "cancel", "job")).toMatchObject({ status: 2, stderr: expect.stringContaining("is done already") });
});

test("a job that failed says which subtask, why, and how to go on", async () => {
  const idle: ScriptedSubtask = { id: "idle", steps: [{ say: "There is nothing to do." }] };
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one" }, idle] }),
    config: { maxFollowUps: 0 },
  });
  const { code, stdout } = await shop.orch(["run", TASK, "--repo", shop.repository, "--job-id", "job"]).end;
  expect(code).toBe(1);
  expect(stdout).toContain("✗ idle: Part idle\n");
  expect(stdout).toContain("failed after ");
  expect(stdout).toContain("orch retry job && orch resume job\n");
  expect(stdout).toContain("orch skip job idle && orch resume job\n");
  expect(look(shop, "show", "job").stdout).toContain("idle  failed  Part idle");
  expect(look(shop, "retry", "job", "one")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("one is done"),
  });
});

test("Ctrl-C stops gently, says how to go on, and costs nothing but the time", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }, held] }) });
  const run = shop.run("job");
  await run.event((event) => event.type === "subtask.finished" && event.id === "one");
  await isHeld(shop);
  expect(look(shop, "list").stdout).toMatch(/^job +running/m);
  expect(look(shop, "show", "job").stdout).toContain(`run by process ${run.pid}`);
  run.kill("SIGINT");
  const { code, events, stderr } = await run.end;
  expect(code).toBe(130);
  expect(events.at(-1)).toEqual({ type: "job.interrupted", jobId: "job", resume: "orch resume job" });
  expect(stderr).toContain("orch resume job");
  expect(look(shop, "list").stdout).toMatch(/^job +interrupted/m);

  shop.model.release("gate");
  const resumed = await shop.resume("job").end;
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.events.map(({ type }) => type)).toEqual(expect.arrayContaining(["job.resumed", "job.finished"]));
  expect(shop.resultFiles("job")).toEqual({ "held.txt": "held", "one.txt": "written for one" });
  expect(askedAgain(shop.model.requests, { acrossThreads: true })).toEqual([]);
});

test("a reader that goes away does not end the job", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [held] }) });
  const args = [ORCH, "run", TASK, "--repo", shop.repository, "--job-id", "job", "--json"];
  const run = spawn(process.execPath, args, { cwd: shop.base, env: { ...shop.environment } });
  let stderr = "";
  run.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const end = once(run, "close");
  const [first] = (await once(run.stdout.setEncoding("utf8"), "data")) as [string];
  expect(jobEventSchema.parse(JSON.parse(first.split("\n")[0] as string))).toMatchObject({ type: "job.started" });
  run.stdout.destroy();
  await isHeld(shop);
  shop.model.release("gate");
  expect(await end, stderr).toEqual([0, null]);
  expect(stderr).toBe("orch: nobody reads the output any more; job job goes on\n");
  expect(shop.resultFiles("job")).toEqual({ "held.txt": "held" });
});

test("who comes to a job that waits is shown its plan, and what to do", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }] }) });
  const run = shop.run("job", ["--approve-plan"]);
  await run.event(({ type }) => type === "job.waiting");
  run.kill("SIGINT");
  await run.end;
  expect(look(shop, "list").stdout).toMatch(/^job +waiting/m);

  const resumed = shop.resume("job");
  await resumed.event(({ type }) => type === "job.waiting");
  const other = await shop.orch(["resume", "job"]).end;
  expect(other).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(`process ${resumed.pid}`) });
  resumed.kill("SIGINT");
  await resumed.end;

  const plain = shop.orch(["resume", "job"]);
  await expect.poll(() => shop.processes().length, { timeout: 30_000 }).toBeGreaterThan(0);
  const approved = look(shop, "approve", "job");
  expect(approved.status, approved.stderr).toBe(0);
  const { code, stdout } = await plain.end;
  expect(code).toBe(0);
  expect(stdout).toContain("  one  Part one\n");
  expect(stdout).toContain("  orch approve job\n");
});

test("doctor says what is here, what is not, and what to do about it", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }] }) });
  const well = look(shop, "doctor", "--repo", shop.repository, "--json");
  expect(well.status, well.stdout).toBe(0);
  expect(JSON.parse(well.stdout)).toMatchObject({ ok: true });
  expect(well.stdout).not.toContain(shop.environment.OPENAI_API_KEY);

  const broken = { ...shop.environment, OPENAI_API_KEY: "", PATH: "/usr/bin:/bin" };
  const ill = spawnSync(process.execPath, [ORCH, "doctor", "--repo", shop.base], { env: broken, encoding: "utf8" });
  expect(ill.status).toBe(1);
  expect(ill.stdout).toMatch(/^failed +key .*\n +set OPENAI_API_KEY/m);
  expect(ill.stdout).toMatch(/^failed +Codex .*\n +install it/m);
  expect(ill.stdout).toMatch(/^failed +repository /m);
  expect(ill.stdout).toMatch(/^– +sandbox /m);
});
