/** What goes wrong in the night: each ends with a clear word, nothing lost, and the other subtasks finished. */

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { JobEvent } from "../src/core/protocol.ts";
import { askedAgain } from "../src/scripted-model/records.ts";
import type { ScriptInput } from "../src/scripted-model/script.ts";
import { planScript, writing } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

type Step = ScriptInput["turns"][number]["steps"][number];
type Finished = Extract<JobEvent, { type: "subtask.finished" }>;

/** A job of two subtasks, one of which meets the fault. */
function withFault(fault: Step["fault"]) {
  return planScript({ subtasks: [{ id: "calm" }, { id: "hit", step: { fault } }] });
}

function outcomes(events: readonly JobEvent[]): Record<string, string> {
  const finished = events.filter((event): event is Finished => event.type === "subtask.finished");
  return Object.fromEntries(finished.map(({ id, status }) => [id, status]));
}

test.each([
  ["429 with retry-after", { status: 429, retryAfter: 1, times: 1 }],
  ["500", { status: 500, times: 4 }],
  ["a cut stream", { kind: "cut", times: 1 }],
] as const)("%s is tried again, and the job is done", async (_name, fault) => {
  await using shop = await Workshop.open({ script: withFault([fault] as never) });
  const { code, events } = await shop.run("job").end;
  expect(code).toBe(0);
  expect(outcomes(events)).toEqual({ calm: "done", hit: "done" });
  expect(shop.resultFiles("job")).toEqual({ "calm.txt": "written for calm", "hit.txt": "written for hit" });
  expect(askedAgain(shop.model.requests)).toEqual([]);
  expect(shop.model.requests.some(({ outcome }) => outcome.startsWith("fault:"))).toBe(true);
});

test("a service that stays broken fails that subtask with a clear word; the other is finished, and retry goes on", async () => {
  const script = withFault([{ status: 500, times: 6 }] as never);
  await using shop = await Workshop.open({ script, config: { maxAttempts: 2 } });
  const { code, events } = await shop.run("job").end;
  expect(code).toBe(1);
  expect(outcomes(events)).toEqual({ calm: "done", hit: "failed" });
  expect(events.some(({ type }) => type === "retry")).toBe(true);
  expect(events.at(-1)).toMatchObject({
    type: "job.finished",
    status: "failed",
    error: { code: "subtasks-failed", hint: expect.stringContaining("orch retry job") },
  });
  const asked = shop.model.requests.length;

  const retry = await shop.orch(["retry", "job"]).end;
  expect(retry.code, retry.stderr).toBe(0);
  const resumed = await shop.resume("job").end;
  expect(resumed.events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  const after = shop.model.requests.slice(asked);
  expect(after.some(({ turn }) => turn === "work-calm" || turn === "plan")).toBe(false);
  expect(Object.keys(shop.resultFiles("job"))).toEqual(["calm.txt", "hit.txt"]);
});

test("a failed subtask can be skipped: what waited for it goes on without it", async () => {
  const script = planScript({
    subtasks: [
      { id: "hit", steps: [{ run: "true" }, { say: "Nothing to do." }] },
      { id: "after", dependsOn: ["hit"] },
    ],
    turns: [
      { name: "again", for: "codex", match: "cannot be taken as it is", steps: [{ say: "Still nothing to do." }] },
    ],
  });
  await using shop = await Workshop.open({ script, config: { maxFollowUps: 1 } });
  const { code, events } = await shop.run("job").end;
  expect(code).toBe(1);
  expect(outcomes(events)).toEqual({ hit: "failed", after: "blocked" });
  const failed = events.find((event): event is Finished => event.type === "subtask.finished" && event.id === "hit");
  expect(failed?.error).toMatchObject({ code: "work-refused", message: expect.stringContaining("nothing") });

  const skip = await shop.orch(["skip", "job", "hit"]).end;
  expect(skip.code, skip.stderr).toBe(0);
  expect((await shop.resume("job").end).code).toBe(0);
  expect(shop.resultFiles("job")).toEqual({ "after.txt": "written for after" });
});

test("an agent that changes nothing is asked again, and may do better", async () => {
  const script = planScript({
    subtasks: [{ id: "lazy", steps: [{ say: "Nothing to do." }] }],
    turns: [
      {
        name: "again",
        for: "codex",
        match: "cannot be taken as it is",
        steps: [{ run: writing({ "lazy.txt": "done after all" }) }, { say: "Now it is there." }],
      },
    ],
  });
  await using shop = await Workshop.open({ script });
  expect((await shop.run("job").end).code).toBe(0);
  expect(shop.resultFiles("job")).toEqual({ "lazy.txt": "done after all" });
  // The same thread: the agent remembers what it was asked.
  const threads = shop.model.requests.filter(({ client }) => client === "codex").map(({ threadId }) => threadId);
  expect(new Set(threads).size).toBe(1);
});

test("an agent that hangs is ended after its silence, and goes on with its thread", async () => {
  const script = withFault([{ kind: "hang", times: 1 }] as never);
  await using shop = await Workshop.open({ script, config: { turnSilence: "4s" } });
  const { code, events } = await shop.run("job").end;
  expect(code).toBe(0);
  expect(events).toContainEqual(
    expect.objectContaining({
      type: "retry",
      id: "hit",
      error: expect.objectContaining({ code: "codex-turn-silent" }),
    }),
  );
  expect(outcomes(events)).toEqual({ calm: "done", hit: "done" });
});

test("a plan that cannot be is sent back once with the reasons, then fails the job with them", async () => {
  const circular = {
    summary: "A circle.",
    subtasks: ["a", "b"].map((id) => ({
      id,
      title: `Part ${id}`,
      instructions: "Write.",
      dependsOn: [id === "a" ? "b" : "a"],
      files: [],
    })),
  };
  const script = planScript({
    subtasks: [{ id: "never" }],
    answer: { json: circular },
    turns: [{ name: "plan-again", for: "planner", match: "circ", steps: [{ json: circular }] }],
  });
  await using shop = await Workshop.open({ script });
  const { code, events } = await shop.run("job").end;
  expect(code).toBe(1);
  expect(shop.model.requests.map(({ turn }) => turn)).toEqual(["plan", "plan-again"]);
  expect(events.at(-1)).toMatchObject({
    type: "job.finished",
    status: "failed",
    error: { code: "invalid-plan", message: expect.stringMatching(/a.*b/) },
  });
});

test("nonsense from the planner is sent back once, and a good plan then counts", async () => {
  const script = planScript({
    subtasks: [{ id: "part" }],
    answer: { fault: { kind: "nonsense", times: 1 } as never },
  });
  await using shop = await Workshop.open({ script });
  const { code } = await shop.run("job").end;
  expect(code).toBe(0);
  expect(shop.resultFiles("job")).toEqual({ "part.txt": "written for part" });
});

test("a Codex that exits with an error fails its subtask with what it said", async () => {
  const script = planScript({ subtasks: [{ id: "part" }] });
  await using shop = await Workshop.open({ script, config: { maxAttempts: 2 } });
  const broken = join(shop.base, "codex");
  writeFileSync(
    broken,
    '#!/bin/sh\ncase "$1" in\n--version) echo codex-cli 0.169.0 ;;\nsandbox) exit 0 ;;\n*) echo "no such luck" >&2; exit 7 ;;\nesac\n',
  );
  chmodSync(broken, 0o755);
  const { code, events } = await shop.orch(
    ["run", "Write the parts", "--repo", shop.repository, "--job-id", "job", "--json"],
    { ORCHESTRATOR_CODEX_PATH: broken },
  ).end;
  expect(code).toBe(1);
  expect(outcomes(events)).toEqual({ part: "failed" });
  expect(events.at(-1)).toMatchObject({ error: { message: expect.stringContaining("no such luck") } });
});
