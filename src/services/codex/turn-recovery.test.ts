import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askedAgain } from "../../scripted-model/records.ts";
import { until } from "../process.testkit.ts";
import { createRunCodexTurn } from "./run-codex-turn.ts";
import { makeContext, makeWorkshop, processesOf, runInOrchestrator, scriptedModel, subtask } from "./turn.testkit.ts";
import { listRuns, readRunProcess } from "./turn-folder.ts";

const steps = `
  - run: echo one >> work.txt
  - { run: echo two >> work.txt, hold: gate }
  - say: Both are done.`;

test("a Codex that outlived its orchestrator is adopted, and nothing is asked twice", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(steps);
  const settings = workshop.settings(model.url);
  const kill = await runInOrchestrator(settings, workshop.input(subtask));
  await until("the agent waits for its second answer", () => model.requests.length === 2);
  await kill();
  const [survivor] = await processesOf(workshop);
  const context = makeContext({ attempt: 2 });

  const turn = createRunCodexTurn(settings)(workshop.input(subtask), context);
  await until("the thread is known again", () => context.checkpoints.length === 1);
  model.release("gate");

  expect((await turn).message).toBe("Both are done.");
  expect(context.checkpoints[0]).toMatchObject({ pid: survivor });
  expect(listRuns(workshop.turnFolder)).toHaveLength(1);
  expect(model.requests).toHaveLength(3);
  expect(readFileSync(join(workshop.worktree, "work.txt"), "utf8")).toBe("one\ntwo\n");
  expect(await processesOf(workshop)).toEqual([]);
});

test("a Codex whose orchestrator died before it wrote down which process it is, is found and adopted", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(steps);
  const settings = workshop.settings(model.url);
  const kill = await runInOrchestrator(settings, workshop.input(subtask));
  await until("the agent waits for its second answer", () => model.requests.length === 2);
  await kill();
  rmSync(join(workshop.turnFolder, "1", "process.json"));
  model.release("gate");

  const output = await createRunCodexTurn(settings)(workshop.input(subtask), makeContext({ attempt: 2 }));

  expect(output.message).toBe("Both are done.");
  expect(listRuns(workshop.turnFolder)).toHaveLength(1);
  expect(model.requests).toHaveLength(3);
});

test("a turn that finished unseen is harvested without asking anything", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(steps);
  const settings = workshop.settings(model.url);
  const kill = await runInOrchestrator(settings, workshop.input(subtask));
  await until("the agent waits for its second answer", () => model.requests.length === 2);
  await kill();
  model.release("gate");
  await until("Codex has ended", async () => (await processesOf(workshop)).length === 0);
  const context = makeContext({ attempt: 2 });

  const output = await createRunCodexTurn(settings)(workshop.input(subtask), context);

  expect(output.message).toBe("Both are done.");
  expect(context.usage.get(output.threadId)?.inputTokens).toBeGreaterThan(0);
  expect(model.requests).toHaveLength(3);
});

test("a Codex that was killed in the middle of a command is continued on its thread", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel(steps);
  const runCodexTurn = createRunCodexTurn(workshop.settings(model.url));
  const first = makeContext();
  const turn = runCodexTurn(workshop.input(subtask), first);
  await until("the agent waits for its second answer", () => model.requests.length === 2);
  const [run] = listRuns(workshop.turnFolder);
  process.kill(readRunProcess(run as NonNullable<typeof run>)?.identity.pid as number, "SIGKILL");
  await expect(turn).rejects.toMatchObject({ code: "codex-died", retryable: true });
  model.release("gate");

  const second = makeContext({ attempt: 2, before: first });
  const output = await runCodexTurn(workshop.input(subtask), second);

  expect(output).toEqual({ threadId: first.checkpoints[0]?.threadId, message: "Both are done." });
  expect(readFileSync(join(workshop.turnFolder, "2", "prompt.md"), "utf8")).toMatch(/^Go on/);
  expect(askedAgain(model.requests)).toEqual([]);
  expect(readFileSync(join(workshop.worktree, "work.txt"), "utf8")).toBe("one\ntwo\n");
});

test("a Codex that died before the model answered is given its whole instructions again", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel("- { say: Done., hold: gate }");
  const runCodexTurn = createRunCodexTurn(workshop.settings(model.url));
  const first = makeContext();
  const turn = runCodexTurn(workshop.input(subtask), first);
  await until("the model is asked", () => model.requests.length === 1);
  const [run] = listRuns(workshop.turnFolder);
  process.kill(readRunProcess(run as NonNullable<typeof run>)?.identity.pid as number, "SIGKILL");
  await expect(turn).rejects.toMatchObject({ code: "codex-died" });
  model.release("gate");

  const output = await runCodexTurn(workshop.input(subtask), makeContext({ attempt: 2, before: first }));

  expect(output.message).toBe("Done.");
  expect(readFileSync(join(workshop.turnFolder, "2", "prompt.md"), "utf8")).toContain("Search box");
});

test("a turn that was prepared and never started is started", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel("- say: Done.");
  mkdirSync(join(workshop.turnFolder, "1"), { recursive: true });
  writeFileSync(join(workshop.turnFolder, "1", "prompt.md"), "the half of a pro");

  const output = await createRunCodexTurn(workshop.settings(model.url))(
    workshop.input(subtask),
    makeContext({ attempt: 2 }),
  );

  expect(output.message).toBe("Done.");
});

test("a turn whose thread is lost starts anew, and tells the new agent what was asked before", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel("- say: First.", "- say: Second.");
  const runCodexTurn = createRunCodexTurn(workshop.settings(model.url));
  const first = await runCodexTurn(workshop.input(subtask), makeContext());
  rmSync(workshop.codexHome, { recursive: true });

  const second = await runCodexTurn(
    workshop.input({ kind: "follow-up", problems: ["Follow-up: nothing was changed."] }, { threadId: first.threadId }),
    makeContext({ effectId: "job-1:9:0" }),
  );

  expect(second.message).toBe("Second.");
  expect(second.threadId).not.toBe(first.threadId);
  const prompt = readFileSync(join(workshop.turnFolder, "..", "job-1-9-0", "2", "prompt.md"), "utf8");
  expect(prompt).toContain("Write search.ts.");
  expect(prompt).toContain("Follow-up: nothing was changed.");
});

test("promise 9: a follow-up without a thread, as in a fork, is asked with the whole story", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel("- say: Set right.");
  const problems = ["Nothing was changed."];

  const output = await createRunCodexTurn(workshop.settings(model.url))(
    workshop.input({ kind: "follow-up", problems }, { threadId: null }),
    makeContext(),
  );

  expect(output.message).toBe("Set right.");
  const prompt = readFileSync(join(workshop.turnFolder, "1", "prompt.md"), "utf8");
  expect(prompt).toContain("Write search.ts.");
  expect(prompt).toContain("Nothing was changed.");
});
