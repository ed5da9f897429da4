/** The scripted model drives the real OpenAI Agents SDK. */

import {
  Agent,
  MaxTurnsExceededError,
  OpenAIProvider,
  Runner,
  RunState,
  setTracingDisabled,
  tool,
} from "@openai/agents";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineScript } from "./parse-script.ts";
import { askedAgain } from "./records.ts";
import type { ScriptInput } from "./script.ts";
import { startScriptedModel } from "./server.ts";

setTracingDisabled(true);

type Fault = ScriptInput["turns"][number]["steps"][number]["fault"];

const planScript = (fault: Fault = []) =>
  defineScript({
    turns: [
      {
        name: "plan",
        for: "planner",
        match: "Plan",
        steps: [
          { call: "run_repo_command", arguments: { argv: ["git", "ls-files"] } },
          { json: { summary: "two files" }, fault },
        ],
      },
    ],
  });

function planner(url: string) {
  const commands: string[] = [];
  const runRepoCommand = tool({
    name: "run_repo_command",
    description: "Runs a command in the repository.",
    parameters: z.object({ argv: z.array(z.string()) }),
    execute: async ({ argv }) => {
      commands.push(argv.join(" "));
      return "a.txt\nb.txt";
    },
  });
  const agent = new Agent({
    name: "planner",
    instructions: "You plan.",
    tools: [runRepoCommand],
    outputType: z.object({ summary: z.string() }),
  });
  const runner = new Runner({ modelProvider: new OpenAIProvider({ apiKey: "none", baseURL: url }), model: "any" });
  return { agent, runner, commands };
}

test("a planner calls its tool and gets its answer in the shape of its schema", async () => {
  await using model = await startScriptedModel({ script: planScript() });
  const { agent, runner, commands } = planner(model.url);

  const result = await runner.run(agent, "Plan the work");

  expect(result.finalOutput).toEqual({ summary: "two files" });
  expect(commands).toEqual(["git ls-files"]);
  expect(result.state.usage.requests).toBe(2);
  expect(result.state.usage.inputTokens).toBeGreaterThan(0);
  expect(model.requests).toMatchObject([
    { client: "planner", threadId: null, turn: "plan", step: 1, completed: true },
    { client: "planner", threadId: null, turn: "plan", step: 2, completed: true },
  ]);
});

test("a run that goes on from its serialized state is asked no step again", async () => {
  await using model = await startScriptedModel({ script: planScript() });
  const { agent, runner, commands } = planner(model.url);

  const stopped: unknown = await runner.run(agent, "Plan the work", { maxTurns: 1 }).catch((error: unknown) => error);
  if (!(stopped instanceof MaxTurnsExceededError) || !stopped.state) throw new Error("the run was not stopped");
  const state = await RunState.fromString(agent, stopped.state.toString());
  const result = await runner.run(agent, state, { maxTurns: 5 });

  expect(result.finalOutput).toEqual({ summary: "two files" });
  expect(commands).toEqual(["git ls-files"]);
  expect(model.requests.map(({ step }) => step)).toEqual([1, 2]);
  expect(askedAgain(model.requests)).toEqual([]);
});

test("a plan that is made anew from the same words shows as paid twice", async () => {
  await using model = await startScriptedModel({ script: planScript() });
  const { agent, runner } = planner(model.url);

  await runner.run(agent, "Plan the work");
  await runner.run(agent, "Plan the work");

  expect(askedAgain(model.requests).map(({ turn, step, requests }) => ({ turn, step, requests }))).toEqual([
    { turn: "plan", step: 1, requests: [1, 3] },
    { turn: "plan", step: 2, requests: [2, 4] },
  ]);
});

test.each([
  ["429", { status: 429, retryAfter: 0 }],
  ["500", { status: 500 }],
] as const)("the SDK comes over one %s by itself", async (status, fault) => {
  await using model = await startScriptedModel({ script: planScript(fault) });
  const { agent, runner } = planner(model.url);

  const result = await runner.run(agent, "Plan the work");

  expect(result.finalOutput).toEqual({ summary: "two files" });
  expect(model.requests.map(({ outcome }) => outcome)).toEqual(["answered", `fault:${status}`, "answered"]);
});

test.each([
  ["nonsense", "nonsense", "did not match the expected schema"],
  ["an answer that is cut", "cut", "terminated"],
  ["400", { status: 400, message: "no such model" }, "no such model"],
] as const)("the SDK throws at %s, and a next run is answered", async (_name, fault, message) => {
  await using model = await startScriptedModel({ script: planScript(fault) });
  const { agent, runner } = planner(model.url);

  await expect(runner.run(agent, "Plan the work")).rejects.toThrow(message);
  const result = await runner.run(agent, "Plan the work");

  expect(result.finalOutput).toEqual({ summary: "two files" });
});

test.each(["hang", "stall"] as const)("a run that meets a %s can be aborted", async (fault) => {
  await using model = await startScriptedModel({ script: planScript(fault) });
  const { agent, runner } = planner(model.url);
  const controller = new AbortController();

  const run = runner.run(agent, "Plan the work", { signal: controller.signal });
  await model.waitFor(({ step }) => step === 2);
  controller.abort();

  await expect(run).rejects.toThrow();
  const hung = await model.waitFor(({ outcome }) => outcome === `fault:${fault}`);
  expect(hung.completed).toBe(false);
});
