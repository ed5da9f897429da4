/** The dashboard's server on real jobs: started, watched, steered and looked back at from outside, as pages do it. */

import { expect, test } from "vitest";
import { z } from "zod";
import { doneSchema, jobMadeSchema } from "../src/core/protocol/actions.ts";
import {
  artifactsSchema,
  conflictFileSchema,
  conflictsSchema,
  diffSchema,
  fileDiffSchema,
} from "../src/core/protocol/diffs.ts";
import { actorDetailSchema, fullEntrySchema, historyPageSchema, pointSchema } from "../src/core/protocol/history.ts";
import { type JobHead, jobDetailSchema, jobsPageSchema, sessionSchema } from "../src/core/protocol/jobs.ts";
import { logPageSchema, logSourcesSchema } from "../src/core/protocol/logs.ts";
import { possibleEventsSchema } from "../src/core/protocol/machine.ts";
import type { ServerMessage } from "../src/core/protocol/stream.ts";
import { type DashboardClient, openDashboard, until } from "./support/dashboard.ts";
import { planScript, TASK, writing } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

/** What a page holds of a job: merged from the stream as the protocol says. */
class Page {
  readonly messages: ServerMessage[] = [];
  readonly seqs: number[] = [];
  job: JobHead | null = null;
  readonly #looks = new Set<() => void>();

  readonly take = (message: ServerMessage): void => {
    this.messages.push(message);
    if (message.type === "job") this.job = message.job;
    if (message.type === "update") {
      this.job = message.job ?? this.job;
      this.seqs.push(...message.entries.map(({ seq }) => seq));
    }
    for (const look of this.#looks) look();
  };

  async until(isMet: (job: JobHead) => boolean): Promise<void> {
    const { met, look } = until(() => this.job !== null && isMet(this.job));
    this.#looks.add(look);
    look();
    await met;
    this.#looks.delete(look);
  }
}

async function openPage(client: DashboardClient, jobId: string): Promise<Page> {
  const page = new Page();
  await client.watch(`?job=${jobId}`, page.take);
  return page;
}

const script = planScript({
  subtasks: [
    { id: "tool", writes: { "tool.txt": "tool", "shared.txt": "first\ntool" } },
    { id: "docs", writes: { "docs.txt": "docs", "shared.txt": "first\ndocs" } },
  ],
  turns: [
    {
      name: "resolve",
      for: "codex",
      match: ["Resolve this conflict", "shared.txt"],
      steps: [{ run: writing({ "shared.txt": "first\ndocs\ntool" }) }, { say: "I kept both." }],
    },
  ],
});

test("a job is started, approved, watched to its end and looked back at; its diffs, conflicts and logs are there", async () => {
  await using shop = await Workshop.open({ script, files: { "shared.txt": "first\n" } });
  await using dashboard = await openDashboard(shop);
  const { client } = dashboard;
  const session = await client.get("/api/session", sessionSchema);
  const repository = session.repositories.find(({ path }) => path === shop.repository);
  expect(session.repositories).toHaveLength(1);

  const start = { repository: repository?.id, task: TASK, jobId: "first", approvePlan: true };
  expect(await client.post("/api/jobs", start, jobMadeSchema)).toEqual({ jobId: "first" });
  const page = await openPage(client, "first");
  await page.until(({ state }) => state === "waiting");
  expect(page.job?.waitsFor).toEqual([{ for: "approval" }]);
  const possible = (page.job?.actions ?? []).filter(({ isPossible }) => isPossible).map(({ action }) => action);
  expect(possible).toEqual(["approve", "reject", "pause", "cancel", "fork"]);
  const { events } = await client.get("/api/jobs/first/events", possibleEventsSchema);
  expect(events.map(({ type, targets }) => [type, targets])).toEqual([
    ["job.cancel", ["coding-job.cancelled"]],
    ["plan.approve", ["coding-job.working"]],
    ["plan.reject", null],
  ]);
  const waitedAt = page.job?.seq ?? 0;
  expect(await client.post("/api/jobs/first/events", { type: "plan.approve" }, doneSchema)).toMatchObject({
    notRun: null,
  });
  await page.until(({ state }) => state === "done");
  expect(page.job?.result).toMatchObject({ branch: "result-first", stat: { files: 3 } });

  // The stream gave each entry once, in order; the history says the same.
  const history = await client.get("/api/jobs/first/history?limit=5000", historyPageSchema);
  await page.until(() => page.seqs.length >= history.last);
  expect(page.seqs).toEqual(history.entries.map(({ seq }) => seq));

  const detail = await client.get("/api/jobs/first", jobDetailSchema);
  for (const { status, startedAt, finishedAt, usage, instructions } of detail.subtasks) {
    expect({ status, hasTimes: startedAt !== null && finishedAt !== null }).toEqual({ status: "done", hasTimes: true });
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(instructions).toMatch(/^Write what belongs to/);
  }
  const parts = [detail.job.ownUsage, ...detail.subtasks.map(({ usage }) => usage)];
  expect(parts.reduce((sum, { inputTokens }) => sum + inputTokens, 0)).toBe(detail.job.usage.inputTokens);

  // At the end the past is the present; at the approval the job waited, with nothing begun.
  const end = await client.get(`/api/jobs/first/at/${history.last}?actor=job`, pointSchema);
  expect(end).toMatchObject({ divergesAt: null, detail: { job: { state: "done", result: detail.job.result } } });
  expect(end.detail.subtasks.map(({ id, status, commit }) => [id, status, commit])).toEqual(
    detail.subtasks.map(({ id, status, commit }) => [id, status, commit]),
  );
  const then = await client.get(`/api/jobs/first/at/${waitedAt}`, pointSchema);
  expect(then.detail.job.state).toBe("waiting");
  expect(then.detail.subtasks.map(({ status }) => status)).toEqual(["pending", "pending"]);
  const entry = await client.get(`/api/jobs/first/history/${waitedAt}`, fullEntrySchema);
  expect(entry.changes.map(({ path }) => path)).toContain("summary");
  const actor = await client.get("/api/jobs/first/actor?id=job%2Ftool", actorDetailSchema);
  expect(actor.activities.map(({ name }) => name)).toContain("runCodexTurn");

  const diff = await client.get("/api/jobs/first/diff", diffSchema);
  expect(diff.files.map(({ path, status }) => [path, status])).toEqual([
    ["docs.txt", "added"],
    ["shared.txt", "modified"],
    ["tool.txt", "added"],
  ]);
  const file = await client.get(`/api/jobs/first/diff/file?to=${diff.to}&file=1`, fileDiffSchema);
  expect(file.patch).toContain("+docs\n+tool");
  const ofTool = await client.get("/api/jobs/first/diff?of=tool", diffSchema);
  expect(ofTool.files.map(({ path }) => path)).toEqual(["shared.txt", "tool.txt"]);
  expect((await client.fetch(`/api/jobs/first/diff/file?to=${"0".repeat(40)}&file=0`)).status).toBe(409);

  const { conflicts } = await client.get("/api/jobs/first/conflicts", conflictsSchema);
  expect(conflicts).toMatchObject([{ state: "resolved", files: ["shared.txt"], into: null }]);
  const sides = await client.get(`/api/jobs/first/conflicts/${conflicts[0]?.id}/file?file=0`, conflictFileSchema);
  expect(sides).toMatchObject({ base: "first\n", resolved: "first\ndocs\ntool\n" });
  expect([sides.ours, sides.theirs].sort()).toEqual(["first\ndocs\n", "first\ntool\n"]);
  expect(sides.marked).toContain("<<<<<<<");

  const { artifacts } = await client.get("/api/jobs/first/artifacts", artifactsSchema);
  expect(artifacts.map(({ name }) => name)).toContain("plan");
  const { logs } = await client.get("/api/jobs/first/logs", logSourcesSchema);
  expect(logs.map(({ kind }) => kind)).toEqual(["job", "planner", "turn", "turn", "turn"]);
  const log = await client.get("/api/jobs/first/logs/job?from=-1", logPageSchema);
  expect(log.lines[0]).toMatchObject({ n: log.total - 1, text: expect.stringContaining("job.finished") });
  const turn = logs.find(({ subtaskId }) => subtaskId === "docs");
  const { items } = await client.get(`/api/jobs/first/logs/${turn?.id}`, logPageSchema);
  expect(items.map(({ kind }) => kind)).toEqual(["prompt", "command", "message", "usage"]);
  expect(items[1]).toMatchObject({ exitCode: 0, isRunning: false });
  const found = await client.get("/api/jobs/first/logs/job?search=JOB.FINISHED", logPageSchema);
  expect(found.lines).toHaveLength(1);

  // A fork from the approval begins as the job was then.
  const forked = await client.post("/api/jobs/first/fork", { at: waitedAt, jobId: "again" }, jobMadeSchema);
  const again = await client.get(`/api/jobs/${forked.jobId}`, jobDetailSchema);
  expect(again.job).toMatchObject({ state: "waiting", forkedFrom: { jobId: "first", at: waitedAt } });
  const { jobs } = await client.get("/api/jobs?text=AGAIN", jobsPageSchema);
  expect(jobs.map(({ id }) => id)).toEqual(["again"]);
  expect(await client.post("/api/jobs/again/actions", { action: "cancel" }, doneSchema)).toMatchObject({
    notRun: null,
  });
  const cancelled = await client.get("/api/jobs/again", jobDetailSchema);
  expect(cancelled.job.state).toBe("cancelled");
  expect((await client.fetch("/api/db?limit=5")).status).toBe(200);
  expect(await dashboard.stop()).toBe(0);
});

test("a job of another process is seen, also when that is killed; it is resumed from the page, and stopped gently", async () => {
  const gated = planScript({ subtasks: [{ id: "part", step: { hold: "open" } }] });
  await using shop = await Workshop.open({ script: gated });
  await using dashboard = await openDashboard(shop);
  const { client } = dashboard;
  const run = shop.run("other");
  await run.event(({ type }) => type === "subtask.started");
  const page = await openPage(client, "other");
  await page.until(({ state, runBy }) => state === "running" && runBy?.pid === run.pid);
  expect(page.job?.actions.find(({ action }) => action === "resume")).toMatchObject({
    isPossible: false,
    reason: { code: "not-now" },
  });
  run.kill("SIGKILL");
  await run.end;
  await page.until(({ state }) => state === "interrupted");
  expect(page.job?.waitsFor).toEqual([{ for: "resume" }]);

  expect(await client.post("/api/jobs/other/actions", { action: "resume" }, doneSchema)).toMatchObject({
    notRun: null,
  });
  await page.until(({ runBy }) => runBy?.isHere === true);
  // Ctrl-C: the job that runs here is stopped so that it can be gone on with.
  expect(await dashboard.stop()).toBe(0);
  expect(dashboard.stderr()).toContain("orch resume other");
  shop.model.release("open");
  const resumed = await shop.resume("other").end;
  expect(resumed.code).toBe(0);
});

test("without a key jobs are looked at all the same, and what needs one says so", async () => {
  await using shop = await Workshop.open({ script });
  await using dashboard = await openDashboard(shop, { OPENAI_API_KEY: "" });
  const { client } = dashboard;
  const { jobs } = await client.get("/api/jobs", jobsPageSchema);
  expect(jobs).toEqual([]);
  const { repositories } = await client.get("/api/session", sessionSchema);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ repository: repositories[0]?.id, task: TASK });
  const response = await client.fetch("/api/jobs", { method: "POST", headers, body });
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: { code: "no-api-key", message: expect.any(String), hint: expect.stringContaining("OPENAI_API_KEY") } },
  ]);
  const session = await client.get("/api/session", z.object({ runner: z.object({ isReady: z.boolean() }) }));
  expect(session.runner.isReady).toBe(false);
});

test("orch run --dashboard prints the link, shows the job while it runs, and ends with it", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "part" }] }) });
  const { code, stderr, events } = await shop.run("shown", ["--dashboard", "--port", "0"]).end;
  expect(code, stderr).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  const link = /^dashboard: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/m.exec(stderr)?.[1] ?? "";
  await expect(fetch(link)).rejects.toThrow();
});
