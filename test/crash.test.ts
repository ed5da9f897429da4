/** SIGKILL of the orchestrator while it plans, works, merges and verifies: nothing lost, nothing paid twice. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { askedAgain } from "../src/scripted-model/records.ts";
import type { ScriptInput } from "../src/scripted-model/script.ts";
import { planScript, writing } from "./support/plan-script.ts";
import { type Run, Workshop } from "./support/workshop.ts";

type Step = ScriptInput["turns"][number]["steps"][number];

/** The same job each time, held at one place: what comes after the gate comes after the crash. */
function script(holdAt: "plan" | "work" | "merge" | "verify" | null) {
  const hold = (place: typeof holdAt): Partial<Step> => (place === holdAt ? { hold: "gate" } : {});
  return planScript({
    before: [
      { call: "run_repo_command", arguments: { command: ["git", "ls-files"] } },
      { call: "run_repo_command", arguments: { command: ["cat", "README.md"] }, ...hold("plan") },
    ],
    subtasks: [
      { id: "one", writes: { "one.txt": "one", "shared.txt": "first\none" } },
      { id: "two", steps: [{ run: writing({ "two.txt": "two" }) }, { run: "ls", ...hold("work") }, { say: "Done." }] },
      {
        id: "three",
        writes: { "three.txt": "three", "shared.txt": "first\nthree" },
        step: hold("work"),
      },
      { id: "four", dependsOn: ["one", "two"] },
    ],
    turns: [
      {
        name: "resolve",
        for: "codex",
        match: "Resolve this conflict",
        steps: [{ run: writing({ "shared.txt": "first\none\nthree" }), ...hold("merge") }, { say: "I kept both." }],
      },
    ],
  });
}

async function open(holdAt: Parameters<typeof script>[0], verify: readonly string[] = []) {
  return Workshop.open({
    script: script(holdAt),
    files: { "shared.txt": "first\n" },
    config: { verify, verifyAccess: "everything" },
  });
}

async function undisturbed(): Promise<Record<string, string>> {
  await using shop = await open(null);
  const { code, stderr } = await shop.run("calm").end;
  expect(code, stderr).toBe(0);
  return shop.resultFiles("calm");
}

/** Resumes the job, and checks what every crash must leave whole. */
async function finish(shop: Workshop, jobId: string): Promise<Run["events"]> {
  const { code, events, stderr } = await shop.resume(jobId).end;
  expect(code, stderr).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  expect(askedAgain(shop.model.requests, { acrossThreads: true })).toEqual([]);
  return events;
}

async function waitingRequests(shop: Workshop, count: number): Promise<void> {
  await expect
    .poll(() => shop.model.requests.filter(({ outcome }) => outcome === "pending").length, { timeout: 30_000 })
    .toBe(count);
}

describe("SIGKILL of the orchestrator, then orch resume", () => {
  const calm = undisturbed();

  test("while it plans: the planner goes on where it stood", async () => {
    await using shop = await open("plan");
    const run = shop.run("crashed");
    await waitingRequests(shop, 1);
    run.kill("SIGKILL");
    await run.end;
    shop.model.release("gate");
    await finish(shop, "crashed");
    expect(shop.resultFiles("crashed")).toEqual(await calm);
    const planned = shop.model.requests.filter(
      ({ turn, step, completed }) => turn === "plan" && step === 1 && completed,
    );
    expect(planned).toHaveLength(1);
  });

  test("while agents work: those that outlived it are adopted, not doubled", async () => {
    await using shop = await open("work");
    const run = shop.run("crashed");
    await run.event((event) => event.type === "subtask.finished" && event.id === "one");
    await waitingRequests(shop, 2);
    run.kill("SIGKILL");
    await run.end;
    const codex = shop.processes().map(({ pid }) => pid);
    expect(codex.length).toBeGreaterThan(0);
    const resumed = shop.resume("crashed");
    await resumed.event(({ type }) => type === "job.resumed");
    // The very requests of the first processes are answered: they still wait.
    shop.model.release("gate");
    const { code, events } = await resumed.end;
    expect(code).toBe(0);
    expect(events.some((event) => event.type === "subtask.finished" && event.id === "one")).toBe(false);
    expect(askedAgain(shop.model.requests, { acrossThreads: true })).toEqual([]);
    expect(shop.model.requests.some(({ outcome }) => outcome === "client-gone")).toBe(false);
    for (const turn of ["work-two", "work-three"]) {
      const threads = shop.model.requests.filter((request) => request.turn === turn).map(({ threadId }) => threadId);
      expect(new Set(threads).size, turn).toBe(1);
    }
    expect(shop.resultFiles("crashed")).toEqual(await calm);
  });

  test("while agents work, and Codex with it: each goes on with its own thread", async () => {
    await using shop = await open("work");
    const run = shop.run("crashed");
    await run.event((event) => event.type === "subtask.finished" && event.id === "one");
    await waitingRequests(shop, 2);
    for (const { pid } of [{ pid: run.pid }, ...shop.processes()]) kill(pid);
    await run.end;
    await expect.poll(() => shop.processes()).toEqual([]);
    shop.model.release("gate");
    await finish(shop, "crashed");
    for (const turn of ["work-two", "work-three"]) {
      const threads = shop.model.requests.filter((request) => request.turn === turn).map(({ threadId }) => threadId);
      expect(new Set(threads).size, turn).toBe(1);
    }
    expect(shop.resultFiles("crashed")).toEqual(await calm);
  });

  test("while agents work, which then finish unseen: their work is taken as it is", async () => {
    await using shop = await open("work");
    const run = shop.run("crashed");
    await run.event((event) => event.type === "subtask.finished" && event.id === "one");
    await waitingRequests(shop, 2);
    run.kill("SIGKILL");
    await run.end;
    shop.model.release("gate");
    await expect.poll(() => shop.processes(), { timeout: 30_000 }).toEqual([]);
    const asked = shop.model.requests.length;
    await finish(shop, "crashed");
    const after = shop.model.requests.slice(asked);
    expect(after.some(({ turn }) => turn === "work-two" || turn === "work-three")).toBe(false);
    expect(shop.resultFiles("crashed")).toEqual(await calm);
  });

  test("while it merges: the resolution that an agent is working on is waited for", async () => {
    await using shop = await open("merge");
    const run = shop.run("crashed");
    await run.event(({ type }) => type === "merge.conflict");
    await waitingRequests(shop, 1);
    run.kill("SIGKILL");
    await run.end;
    shop.model.release("gate");
    await finish(shop, "crashed");
    expect(shop.resultFiles("crashed")).toEqual(await calm);
  });

  test("while it verifies: the command is run again, the agents are not", async () => {
    const verify = 'echo run >> "$HOME/verified"; test $(wc -l < "$HOME/verified") -gt 1 || sleep 300';
    await using shop = await open("verify", [verify]);
    const run = shop.run("crashed");
    const verified = () => readIfThere(join(shop.environment.HOME ?? "", "verified"));
    await expect.poll(verified, { timeout: 60_000 }).toBe("run\n");
    const asked = shop.model.requests.length;
    run.kill("SIGKILL");
    await run.end;
    await finish(shop, "crashed");
    expect(verified()).toBe("run\nrun\n");
    expect(shop.model.requests).toHaveLength(asked);
    expect(shop.resultFiles("crashed")).toEqual(await calm);
  });
});

test("Ctrl-C stops gently: it says how to go on, and nothing is left running", async () => {
  await using shop = await open("work");
  const run = shop.run("stopped");
  await waitingRequests(shop, 2);
  run.kill("SIGINT");
  const { code, events } = await run.end;
  expect(code).toBe(130);
  expect(events.at(-1)).toEqual({ type: "job.interrupted", jobId: "stopped", resume: "orch resume stopped" });
  expect(shop.processes()).toEqual([]);
  shop.model.release("gate");
  await finish(shop, "stopped");
});

test("cancel, from another process, reaches a running job and ends its agents", async () => {
  await using shop = await open("work");
  const run = shop.run("unwanted");
  await waitingRequests(shop, 2);
  const cancel = await shop.orch(["cancel", "unwanted"]).end;
  expect(cancel.code, cancel.stderr).toBe(0);
  const { code, events } = await run.end;
  expect(code).toBe(1);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "cancelled" });
  expect(shop.processes()).toEqual([]);
});

test("a cancel that the orchestrator did not live to take is taken first: nothing is begun again, its agents are ended", async () => {
  await using shop = await open("work");
  const run = shop.run("unwanted");
  await waitingRequests(shop, 2);
  // One that was stopped in the middle of a commit would hold the database: then it is stopped somewhere else.
  for (let said = "held by another process"; said.includes("held by another process"); ) {
    run.kill("SIGCONT");
    await sleep(20);
    run.kill("SIGSTOP");
    said = (await shop.orch(["cancel", "unwanted"]).end).stderr;
    expect(said).toMatch(/^$|held by another process/);
  }
  run.kill("SIGKILL");
  await run.end;
  expect(shop.processes().length).toBeGreaterThan(0);
  const asked = shop.model.requests.length;
  const { code, events } = await shop.resume("unwanted").end;
  expect(code).toBe(1);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "cancelled" });
  expect(shop.processes()).toEqual([]);
  expect(shop.model.requests).toHaveLength(asked);
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with its parent.
  }
}
