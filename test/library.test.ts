/** `runOrchestrator` on real parts: the text that users of Codex Orchestrator await, and the typed result beside it. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, expectTypeOf, test } from "vitest";
import type { JobEvent } from "../src/core/protocol.ts";
import { type OrchestratorResult, resumeOrchestrator, runOrchestrator } from "../src/library/run-orchestrator.ts";
import { planScript, TASK } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const around = ({ environment, base, repository }: Workshop) => ({
  ...{ environment, directory: base, baseDir: repository },
});

test("the awaited value is the text that orch run prints, and the result is typed", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "parser" }, { id: "printer" }] }) });
  const events: JobEvent[] = [];
  const run = runOrchestrator({
    taskDescription: TASK,
    ...around(shop),
    jobId: "in-a-program",
    onEvent: (event) => events.push(event),
  });
  const output = await run;
  expectTypeOf(output).toEqualTypeOf<string>();
  expect(typeof output).toBe("string");
  expect(output).toMatch(/^done: 2 subtasks, in /);
  expect(output).toContain(
    `branch   result-in-a-program (${shop.git("rev-parse", "result-in-a-program").slice(0, 10)})`,
  );
  expect(inspect(output)).toContain("done: 2 subtasks");
  const result = await run.result;
  expectTypeOf(result).toEqualTypeOf<OrchestratorResult>();
  expect(result).toMatchObject({
    ...{
      jobId: "in-a-program",
      status: "done",
      output,
      resultBranch: "result-in-a-program",
      pushedTo: null,
      error: null,
    },
    resultCommit: shop.git("rev-parse", "result-in-a-program"),
    stat: { files: 2 },
    subtasks: [
      { id: "parser", status: "done", title: "Part parser" },
      { id: "printer", status: "done", title: "Part printer" },
    ],
  });
  expect(events[0]).toMatchObject({ type: "job.started", jobId: "in-a-program" });
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  await expect(run.signal({ type: "job.cancel" })).rejects.toMatchObject({ code: "not-now" });
  // Asked again, a job that is over tells the same; the command line knows it, too.
  expect(await resumeOrchestrator("in-a-program", around(shop)).result).toMatchObject({
    status: "done",
    subtasks: [{}, {}],
  });
  expect((await shop.orch(["show", "in-a-program"]).end).stdout).toContain("result-in-a-program");
});

test("a plan is approved by a signal; a stopped run is interrupted, and gone on with by another call", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "parser" }] }) });
  const stop = new AbortController();
  const first = runOrchestrator({
    ...{ taskDescription: TASK, ...around(shop), jobId: "stopped", approvePlan: true, signal: stop.signal },
    onEvent: ({ type }) => type === "job.waiting" && stop.abort(),
  });
  await expect(first).rejects.toMatchObject({ name: "OrchError", code: "job-interrupted" });
  expect(await first.result).toMatchObject({
    status: "interrupted",
    resultBranch: null,
    subtasks: [{ status: "pending" }],
  });

  const second = resumeOrchestrator("stopped", around(shop));
  await second.signal({ type: "plan.approve" });
  expect(await second.result).toMatchObject({ status: "done", resultBranch: "result-stopped" });
});

test("a failed job rejects with its reason, or is told by its result; it can be tried again", async () => {
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "parser" }] }),
    config: { verify: ["test -e ../../../../../../mended"], maxRepairs: 0, verifyAccess: "everything" },
  });
  const run = runOrchestrator({ taskDescription: TASK, ...around(shop), jobId: "fails" });
  expect(await run.result).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("the verification of the result failed") },
  });
  await expect(run).rejects.toMatchObject({
    ...{ name: "OrchError", code: "job-failed", details: { jobId: "fails", status: "failed" } },
    message: expect.stringContaining("job fails has failed"),
  });
  writeFileSync(join(shop.base, "mended"), "");
  const again = resumeOrchestrator("fails", around(shop));
  await again.signal({ type: "job.retry" });
  expect(await again).toContain("branch   result-fails");
});

test("what cannot be begun is refused before anything is made, in the words of the program", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [] }) });
  const here = around(shop);
  const refused = (options: object, code: string, message: string) =>
    expect(runOrchestrator({ taskDescription: TASK, ...here, ...options }), code).rejects.toMatchObject({
      ...{ name: "UsageError", code, message: expect.stringContaining(message) },
    });
  await refused({ taskDescription: " " }, "no-task", "there is no task");
  await refused({ environment: { ...shop.environment, OPENAI_API_KEY: undefined } }, "no-api-key", "no key");
  await refused({ concurrency: 0 }, "bad-setting", "concurrency is wrong");
  await refused({ model: "" }, "bad-setting", "model is wrong");
  await refused({ jobId: "Not A Name" }, "bad-job-id", "cannot be a job id");
  await refused({ baseDir: shop.base }, "not-a-repository", "");
  await expect(resumeOrchestrator("nobody", here).result).rejects.toMatchObject({ code: "job-unknown" });
});
