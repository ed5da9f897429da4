/** `planTask` with the real Agents SDK and real git; only the model is played, by a server on loopback. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ActivityAborted } from "../../core/activity.ts";
import type { PlanTaskInput } from "../../core/coding.ts";
import { OrchError, toErrorData } from "../../core/errors.ts";
import { jobPaths } from "../../core/job-paths.ts";
import { defineScript } from "../../scripted-model/parse-script.ts";
import { askedAgain } from "../../scripted-model/records.ts";
import type { ScriptInput } from "../../scripted-model/script.ts";
import { type ScriptedModel, startScriptedModel } from "../../scripted-model/server.ts";
import { FileContext, JOB, KEY, makeInput, readCheckpoints, sandbox } from "./plan-task.testkit.ts";
import { createPlanTask, type PlanTaskOptions } from "./plan-task.ts";

type Step = ScriptInput["turns"][number]["steps"][number];

let folder: string;
let input: PlanTaskInput;
let file: string;
let model: ScriptedModel | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-plan-task-"));
  input = makeInput(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  file = join(folder, "checkpoints.jsonl");
  rmSync(file, { force: true });
});
afterEach(async () => {
  await model?.close();
  model = undefined;
});

const plan = (...subtasks: object[]) => ({
  summary: "Greet.",
  subtasks: subtasks.map((subtask) => ({
    id: "greet",
    title: "Add a greeting",
    instructions: "Say hello in src/app.ts.",
    dependsOn: [],
    files: ["src/app.ts"],
    ...subtask,
  })),
});
const read = (...command: string[]): Step => ({ call: "run_repo_command", arguments: { command } });
const GOOD = { json: plan({}) };

async function script(steps: Step[], corrected?: Step[]): Promise<ScriptedModel> {
  const turns: ScriptInput["turns"] = [{ name: "plan", for: "planner", match: "Add a greeting", steps }];
  if (corrected) turns.push({ name: "again", for: "planner", match: "cannot be used", steps: corrected });
  model = await startScriptedModel({ script: defineScript({ turns }) });
  return model;
}

function planTask(context: FileContext, options: Partial<PlanTaskOptions> = {}, given = input) {
  return createPlanTask({ apiKey: KEY, baseUrl: model?.url, sandbox, ...options })(given, context);
}

async function failureOf(running: Promise<unknown>): Promise<OrchError> {
  const thrown: unknown = await running.then(
    () => "it did not fail",
    (error: unknown) => error,
  );
  if (!(thrown instanceof OrchError)) throw new Error(`not an OrchError: ${String(thrown)}`, { cause: thrown });
  return thrown;
}

/** Which steps were asked since the request with number `since`. */
const asked = (since = 0) => (model?.requests ?? []).slice(since).map(({ turn, step }) => `${turn} ${step}`);

test("a task becomes a plan: read, answered, ordered, kept", async () => {
  await script([
    read("git", "ls-files"),
    read("cat", "README.md"),
    { json: plan({ id: "b", dependsOn: ["a"] }, { id: "a", title: "First" }, { id: "Third One" }) },
  ]);
  const context = new FileContext(file);
  const output = await planTask(context);
  expect(output).toEqual({
    summary: "Greet.",
    subtasks: [
      { id: "a", title: "First", dependsOn: [] },
      { id: "b", title: "Add a greeting", dependsOn: ["a"] },
      { id: "third-one", title: "Add a greeting", dependsOn: ["b"] },
    ],
  });
  const paths = jobPaths(input.repository.root, JOB);
  const written = JSON.parse(readFileSync(paths.plannerOutput, "utf8"));
  expect(written.subtasks[2]).toMatchObject({ id: "third-one", instructions: "Say hello in src/app.ts." });
  expect(context.artifacts.get("plan")).toEqual(written);
  expect(readFileSync(paths.commandLog, "utf8")).toContain("cat README.md\nexit code 0\n# A small project");
  expect(context.lines).toContain("runs git ls-files");
  expect(context.warnings).toEqual([]);
});

test("a tool's answer reaches the model, whether it was allowed or refused", async () => {
  // The second step is only given when the first call's output stands in the conversation.
  await script([read("git", "push"), { call: "run_repo_command", arguments: { command: "git log" } }, GOOD]);
  const context = new FileContext(file);
  await planTask(context);
  const state = JSON.stringify(readCheckpoints(file).at(-1));
  expect(state).toContain("refused: git push is not allowed");
  expect(state).toContain("the call does not fit the tool's parameters");
});

test("a tool that does not exist is told to the model, and the planning goes on", async () => {
  await script([{ call: "shell", arguments: { command: "ls" } }, GOOD]);
  await expect(planTask(new FileContext(file))).resolves.toMatchObject({ summary: "Greet." });
});

test("a plan that cannot be used goes back once, in the same conversation, with the reasons", async () => {
  await script([read("ls"), { json: plan({ id: "a", dependsOn: ["ghost"] }) }], [GOOD]);
  await expect(planTask(new FileContext(file))).resolves.toMatchObject({ subtasks: [{ id: "greet" }] });
  expect(asked()).toEqual(["plan 1", "plan 2", "again 1"]);
  expect(new Set(model?.requests.map(({ conversation }) => conversation)).size).toBe(1);
});

test("a second plan that cannot be used fails the activity with all reasons, for good", async () => {
  await script([{ json: plan({ id: "a", dependsOn: ["ghost"] }) }], [{ json: plan({ title: "", files: ["/etc"] }) }]);
  const error = await failureOf(planTask(new FileContext(file)));
  expect(error).toMatchObject({ code: "invalid-plan", retryable: false });
  expect(error.details).toEqual({
    problems: [
      'subtask "greet": the title is empty',
      'subtask "greet": "/etc" is absolute: give a path relative to the repository',
    ],
  });
  expect(error.message).toContain("the title is empty");
  expect(asked()).toEqual(["plan 1", "again 1"]);
});

test.each([
  ["words instead of a plan", { say: "I would rather not." }],
  ["another shape", { json: { subtasks: "none" } }],
  ["an empty answer", { say: "" }],
])("%s goes back too", async (_name, nonsense) => {
  await script([nonsense], [GOOD]);
  await expect(planTask(new FileContext(file))).resolves.toMatchObject({ summary: "Greet." });
  expect(asked()).toEqual(["plan 1", "again 1"]);
});

test("words of a person about a rejected plan reach the planner together with that plan", async () => {
  const turns: ScriptInput["turns"] = [
    { name: "new", for: "planner", match: ["Add a greeting", "rejected-one", "Use fewer"], steps: [GOOD] },
  ];
  model = await startScriptedModel({ script: defineScript({ turns }) });
  const context = new FileContext(file);
  context.putArtifact("plan", plan({ id: "rejected-one" }));
  await planTask(context, {}, { ...input, feedback: "Use fewer subtasks" });
  expect(context.artifacts.get("plan")).toEqual(plan({}));
});

test("from whichever checkpoint it goes on, only what was not answered is asked", async () => {
  await script([read("git", "ls-files"), read("cat", "README.md"), { json: plan({ title: "" }) }], [read("ls"), GOOD]);
  const steps = ["plan 1", "plan 2", "plan 3", "again 1", "again 2"];
  const first = new FileContext(file);
  const output = await planTask(first);
  expect(asked()).toEqual(steps);
  const checkpoints = readCheckpoints(file);
  const answered = checkpoints.map((checkpoint) => (checkpoint as { answers: number }).answers);
  // Twice for each answer but the last, one for its arrival and one with its tools' results; and one at the begin.
  expect(answered).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5]);
  for (const [index, checkpoint] of checkpoints.entries()) {
    const before = model?.requests.length;
    const next = new FileContext(join(folder, "other.jsonl"), checkpoint);
    expect(await planTask(next)).toEqual(output);
    expect(asked(before)).toEqual(steps.slice(answered[index]));
    // What the whole planning cost, not what the last attempt did.
    expect(next.usage).toEqual(first.usage);
    expect(next.warnings.filter((warning) => warning.includes("anew"))).toEqual([]);
  }
});

test("killed while its second request hangs, it goes on without asking an answered step again", async () => {
  await script([read("git", "ls-files"), { ...read("cat", "README.md"), fault: "hang" }, GOOD]);
  const args = [join(import.meta.dirname, "plan-task.fixture.ts"), JSON.stringify(input), model?.url ?? "", file];
  // Without the variable that makes the SDK behave otherwise in tests.
  const { NODE_ENV: _, ...env } = process.env;
  const start = () => spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env });

  const first = start();
  const firstEnd = once(first, "exit");
  await vi.waitFor(() => expect(model?.requests.at(-1)).toMatchObject({ step: 2, outcome: "pending" }), 20_000);
  first.kill("SIGKILL");
  expect(await firstEnd).toEqual([null, "SIGKILL"]);

  const second = start();
  const secondEnd = once(second, "exit");
  let printed = "";
  second.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  expect(await secondEnd).toEqual([0, null]);
  const { output, usage, listeners } = JSON.parse(printed);
  expect(output.subtasks).toEqual([{ id: "greet", title: "Add a greeting", dependsOn: [] }]);
  expect(asked()).toEqual(["plan 1", "plan 2", "plan 2", "plan 3"]);
  expect(askedAgain(model?.requests ?? [])).toEqual([]);
  const paid = model?.requests.filter(({ completed }) => completed).map((request) => request.usage?.outputTokens ?? 0);
  expect(usage).toEqual([
    [`planner:${JOB}:1:0`, expect.objectContaining({ outputTokens: paid?.reduce((a, b) => a + b) })],
  ]);
  // The SDK's own, which would end the process on a signal, are gone.
  expect(listeners).toEqual([0, 0, 0]);
}, 30_000);

test.each([
  ["a line of words", "half a plan"],
  ["another activity's", { threadId: "t", offset: 3 }],
  ["one without its state", { format: "orch-planner-1", question: "?" }],
])("a checkpoint that is %s is left aside, with a warning", async (_name, foreign) => {
  await script([GOOD]);
  const context = new FileContext(file, foreign);
  await expect(planTask(context)).resolves.toMatchObject({ summary: "Greet." });
  expect(context.warnings).toEqual([expect.stringContaining("begins anew")]);
});

test("a damaged run state, or one of another task, is left aside, with a warning", async () => {
  await script([read("ls"), GOOD]);
  await planTask(new FileContext(file));
  const checkpoint = readCheckpoints(file)[2] as Record<string, never>;
  const damaged = new FileContext(file, { ...checkpoint, state: String(checkpoint.state).slice(0, 200) });
  await planTask(damaged);
  expect(damaged.warnings).toEqual([expect.stringContaining("run state cannot be read")]);
  expect(asked(2)).toEqual(["plan 1", "plan 2"]);
  const foreign = new FileContext(file, checkpoint);
  await planTask(foreign, {}, { ...input, task: "Add a greeting, but in red" });
  expect(foreign.warnings).toEqual([expect.stringContaining("not of this planning")]);
  expect(asked(4)).toEqual(["plan 1", "plan 2"]);
});

test("a planner that only reads is stopped at the limit, also across attempts", async () => {
  await script([read("ls"), read("ls"), read("ls"), read("ls"), GOOD]);
  const error = await failureOf(planTask(new FileContext(file), { maxTurns: 3 }));
  expect(error).toMatchObject({ code: "planner-turn-limit", retryable: false });
  expect(asked()).toHaveLength(3);
  const next = await failureOf(planTask(new FileContext(file, readCheckpoints(file).at(-1)), { maxTurns: 3 }));
  expect(next.code).toBe("planner-turn-limit");
  expect(asked()).toHaveLength(3);
});

test.each([
  [
    { status: 429, retryAfter: 7 },
    { code: "rate-limited", retryable: true, retryAfterMs: 7000 },
  ],
  [{ status: 429 }, { code: "rate-limited", retryable: true, retryAfterMs: undefined }],
  [{ status: 500 }, { code: "model-unavailable", retryable: true }],
  [
    { status: 503, retryAfter: 2 },
    { code: "model-unavailable", retryable: true, retryAfterMs: 2000 },
  ],
  ["cut", { code: "model-unavailable", retryable: true }],
  [{ status: 401 }, { code: "model-refused-key", retryable: false }],
  [{ status: 403 }, { code: "model-refused-key", retryable: false }],
  [{ status: 400 }, { code: "model-refused-request", retryable: false }],
  [{ status: 404 }, { code: "model-refused-request", retryable: false }],
] as const)(
  "a model service that answers %j ends the attempt after one request, and the next goes on",
  async (fault, expected) => {
    await script([read("ls"), { ...GOOD, fault: fault as Step["fault"] }]);
    const error = await failureOf(planTask(new FileContext(file)));
    expect(error).toMatchObject(expected);
    expect(asked()).toEqual(["plan 1", "plan 2"]);
    await planTask(new FileContext(file, readCheckpoints(file).at(-1)));
    expect(asked(2)).toEqual(["plan 2"]);
  },
);

test("a service that is not there is told as such", async () => {
  await script([GOOD]);
  await model?.close();
  const error = await failureOf(planTask(new FileContext(file)));
  expect(error).toMatchObject({ code: "model-unavailable", retryable: true });
  expect(error.hint).toContain("OPENAI_BASE_URL");
});

test.each(["hang", "stall"] as const)("a request that does not end (%s) is given up at its limit", async (fault) => {
  await script([{ ...GOOD, fault }]);
  const error = await failureOf(planTask(new FileContext(file), { requestLimitMs: 300 }));
  expect(error).toMatchObject({ code: "model-timeout", retryable: true });
});

/** A service of the test's own, for answers that the scripted model does not give. */
async function withService(answer: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each([
  ["a web page", "text/html", "<html></html>"],
  ["broken JSON", "application/json", '{"id":'],
  ["other JSON", "application/json", '{"hello":"world"}'],
  ["a failed response", "application/json", '{"id":"r","status":"failed","output":[],"usage":null}'],
])("a service that answers %s is told as such, and can be tried again", async (_name, type, body) => {
  const answer: RequestListener = (_request, response) =>
    void response.writeHead(200, { "content-type": type }).end(body);
  await withService(answer, async (baseUrl) => {
    const error = await failureOf(planTask(new FileContext(file), { baseUrl }));
    expect(error).toMatchObject({ code: "model-answer-unreadable", retryable: true });
  });
});

test("an answer whose end never comes is given up at its limit", async () => {
  const begin: RequestListener = (_request, response) => void response.writeHead(200).write('{"id":');
  await withService(begin, async (baseUrl) => {
    const error = await failureOf(planTask(new FileContext(file), { baseUrl, requestLimitMs: 300 }));
    expect(error).toMatchObject({ code: "model-timeout", retryable: true });
  });
});

test("the key is in no error, checkpoint, log or file, whatever the service says", async () => {
  const paths = jobPaths(input.repository.root, JOB);
  for (const status of [400, 401, 429, 500]) {
    const echo: RequestListener = (request, response) => {
      const message = `bad: ${request.headers.authorization} and ${KEY}`;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: { message } }));
    };
    await withService(echo, async (baseUrl) => {
      const context = new FileContext(file);
      const error = await failureOf(planTask(context, { baseUrl }));
      const all = [toErrorData(error), error.stack, String(error.cause), context.warnings, context.lines];
      expect(JSON.stringify(all)).not.toContain("0123456789");
      expect(error.message).toContain(String(status));
    });
  }
  await script([read("ls"), GOOD]);
  await planTask(new FileContext(file));
  for (const path of [file, paths.commandLog, paths.plannerOutput]) {
    expect(readFileSync(path, "utf8")).not.toContain(KEY);
  }
});

test("used up quota is not tried again", async () => {
  const answer: RequestListener = (_request, response) => {
    const error = { message: "You exceeded your current quota", code: "insufficient_quota" };
    response.writeHead(429, { "content-type": "application/json" }).end(JSON.stringify({ error }));
  };
  await withService(answer, async (baseUrl) => {
    const error = await failureOf(planTask(new FileContext(file), { baseUrl }));
    expect(error).toMatchObject({ code: "model-quota-used-up", retryable: false });
  });
});

test("an abort stops a waiting request at once, and is told as what it is", async () => {
  await script([read("ls"), { ...GOOD, fault: "hang" }]);
  const controller = new AbortController();
  const running = planTask(new FileContext(file, undefined, controller.signal));
  running.catch(() => {});
  await vi.waitFor(() => expect(model?.requests.at(-1)).toMatchObject({ step: 2, outcome: "pending" }));
  const reason = new ActivityAborted("shutdown");
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  await vi.waitFor(() => expect(model?.requests.at(-1)?.endedAt).not.toBeNull());
});

test("an abort before the begin asks nothing", async () => {
  await script([GOOD]);
  const reason = new ActivityAborted("cancelled");
  await expect(planTask(new FileContext(file, undefined, AbortSignal.abort(reason)))).rejects.toBe(reason);
  expect(asked()).toEqual([]);
});

test("the plan's file replaces a link instead of writing through it", async () => {
  const { plannerOutput, job } = jobPaths(input.repository.root, JOB);
  const victim = join(folder, "victim");
  writeFileSync(victim, "untouched");
  rmSync(plannerOutput, { force: true });
  symlinkSync(victim, plannerOutput);
  await script([GOOD]);
  await planTask(new FileContext(file));
  expect(readFileSync(victim, "utf8")).toBe("untouched");
  expect(JSON.parse(readFileSync(plannerOutput, "utf8")).summary).toBe("Greet.");
  expect(statSync(plannerOutput).mode & 0o077).toBe(0);
  expect(existsSync(join(job, "planner-output.json"))).toBe(true);
});

test("a checkpoint that the engine refuses ends the attempt with the engine's own error", async () => {
  await script([read("ls"), GOOD]);
  const refusal = new ActivityAborted("lease-lost");
  const context = new FileContext(file);
  const checkpoint = context.checkpoint.bind(context);
  context.checkpoint = async (details) => {
    if ((details as { answers: number }).answers > 0) throw refusal;
    await checkpoint(details);
  };
  await expect(planTask(context)).rejects.toBe(refusal);
  expect(asked()).toEqual(["plan 1"]);
});

test("a log of commands that cannot be written ends the attempt, and is not told to the model", async () => {
  const { commandLog } = jobPaths(input.repository.root, JOB);
  rmSync(commandLog, { force: true });
  mkdirSync(commandLog);
  try {
    await script([read("ls"), GOOD]);
    await expect(planTask(new FileContext(file))).rejects.toThrow("EISDIR");
    expect(asked()).toEqual(["plan 1"]);
  } finally {
    rmSync(commandLog, { recursive: true });
  }
});

test("a plan of hostile words comes out harmless", async () => {
  await script([
    { json: plan({ id: "../../x", title: "\u001b]0;owned\u0007Title\nline", instructions: "a\u0000b\n\tc" }) },
  ]);
  const context = new FileContext(file);
  const output = await planTask(context);
  expect(output.subtasks).toEqual([{ id: "x", title: "]0;ownedTitle line", dependsOn: [] }]);
  expect(context.artifacts.get("plan")).toMatchObject({ subtasks: [{ instructions: "ab\n\tc" }] });
});
