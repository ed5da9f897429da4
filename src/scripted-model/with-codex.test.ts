/** The scripted model drives the real Codex CLI. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CodexTestbed, threadOf } from "./codex.testkit.ts";
import { defineScript } from "./parse-script.ts";
import { askedAgain } from "./records.ts";
import type { ScriptInput } from "./script.ts";
import { startScriptedModel } from "./server.ts";

type Steps = ScriptInput["turns"][number]["steps"];

const codexScript = (steps: Steps, rest: Partial<ScriptInput> = {}) =>
  defineScript({
    continues: ["Go on"],
    ...rest,
    turns: [{ name: "write", for: "codex", match: "Write", steps }, ...(rest.turns ?? [])],
  });

const asked = (requests: readonly { step: number | null; outcome: string }[]) =>
  requests.map(({ step, outcome }) => `${step} ${outcome}`);

test("a scripted turn runs commands in Codex's sandbox and ends with its message and usage", async () => {
  const script = codexScript([
    { run: "echo hello > file.txt", usage: { inputTokens: 100, outputTokens: 10 } },
    {
      say: "I wrote it.",
      usage: { inputTokens: 200, cachedInputTokens: 50, outputTokens: 20, reasoningOutputTokens: 5 },
    },
  ]);
  await using model = await startScriptedModel({ script });
  await using testbed = new CodexTestbed();

  const { exitCode, events } = await testbed.run({ url: model.url, prompt: "Write the file" });

  expect(exitCode).toBe(0);
  expect(readFileSync(join(testbed.workDir, "file.txt"), "utf8")).toBe("hello\n");
  expect(events.at(-2)).toMatchObject({ item: { type: "agent_message", text: "I wrote it." } });
  expect(events.at(-1)).toMatchObject({
    type: "turn.completed",
    usage: { input_tokens: 300, cached_input_tokens: 50, output_tokens: 30, reasoning_output_tokens: 5 },
  });
  expect(model.requests).toMatchObject([
    { client: "codex", turn: "write", step: 1, outcome: "answered", completed: true, again: null },
    { client: "codex", turn: "write", step: 2, outcome: "answered", completed: true, again: null },
  ]);
});

test("a turn that was killed in the middle of a command gives that command again, and nothing before it", async () => {
  const script = codexScript([
    { run: "echo one >> log.txt" },
    { run: "echo two >> log.txt; touch started; for i in $(seq 600); do test -e go && exit; sleep 0.05; done" },
    { say: "Done." },
  ]);
  await using model = await startScriptedModel({ script });
  await using testbed = new CodexTestbed();

  const killed = testbed.start({ url: model.url, prompt: "Write the log" });
  await expect.poll(() => existsSync(join(testbed.workDir, "started")), { timeout: 30_000 }).toBe(true);
  await killed.kill();
  const threadId = threadOf(await killed.ended);
  writeFileSync(join(testbed.workDir, "go"), "");
  const resumed = await testbed.run({ url: model.url, prompt: "Go on", threadId });

  expect(resumed.exitCode).toBe(0);
  expect(readFileSync(join(testbed.workDir, "log.txt"), "utf8")).toBe("one\ntwo\ntwo\n");
  expect(model.requests.map(({ step, again }) => [step, again])).toEqual([
    [1, null],
    [2, null],
    [2, "interrupted"],
    [3, null],
  ]);
  expect(askedAgain(model.requests)).toEqual([]);
});

test("a turn that was killed while the model answered goes on with that answer", async () => {
  const script = codexScript([
    { run: "echo one >> log.txt" },
    { run: "echo two >> log.txt", hold: "gate" },
    { say: "Done." },
  ]);
  await using model = await startScriptedModel({ script });
  await using testbed = new CodexTestbed();

  const killed = testbed.start({ url: model.url, prompt: "Write the log" });
  await model.waitFor(({ step }) => step === 2);
  await killed.kill();
  const threadId = threadOf(await killed.ended);
  await model.waitFor(({ outcome }) => outcome === "client-gone");
  model.release("gate");
  await testbed.run({ url: model.url, prompt: "Go on", threadId });

  expect(readFileSync(join(testbed.workDir, "log.txt"), "utf8")).toBe("one\ntwo\n");
  expect(asked(model.requests)).toEqual(["1 answered", "2 client-gone", "2 answered", "3 answered"]);
  expect(askedAgain(model.requests)).toEqual([]);
});

test("a finished turn that is asked to go on says its last word again, and that shows as paid twice", async () => {
  await using model = await startScriptedModel({ script: codexScript([{ say: "Done." }]) });
  await using testbed = new CodexTestbed();

  const first = await testbed.run({ url: model.url, prompt: "Write nothing" });
  const second = await testbed.run({ url: model.url, prompt: "Go on", threadId: threadOf(first) });

  expect(second.events.at(-2)).toMatchObject({ item: { text: "Done." } });
  expect(askedAgain(model.requests)).toEqual([
    { conversation: threadOf(first), turn: "write", step: 1, requests: [1, 2] },
  ]);
});

test("a follow-up in the same thread selects its own turn, also when it repeats the first one's words", async () => {
  const script = codexScript([{ say: "Done." }], {
    turns: [
      { name: "better", for: "codex", match: "empty", steps: [{ run: "echo x > x.txt" }, { say: "Now it is there." }] },
    ],
  });
  await using model = await startScriptedModel({ script });
  await using testbed = new CodexTestbed();

  const first = await testbed.run({ url: model.url, prompt: "Write x" });
  const prompt = "You were asked: Write x. Your work is empty.";
  const second = await testbed.run({ url: model.url, prompt, threadId: threadOf(first) });

  expect(second.events.at(-2)).toMatchObject({ item: { text: "Now it is there." } });
  expect(model.requests.map(({ turn, step }) => `${turn} ${step}`)).toEqual(["write 1", "better 1", "better 2"]);
});

test.each([
  [
    "429 with retry-after",
    { status: 429, retryAfter: 1 },
    "1 fault:429",
    /^Reconnecting... 1\/5 .*429 Too Many Requests/,
  ],
  ["500", { status: 500 }, "1 fault:500", null],
  ["a cut stream", "cut", "1 fault:cut", /^Reconnecting... 1\/5 .*error decoding response body/],
  ["nonsense", "nonsense", "1 fault:nonsense", /^Reconnecting... 1\/5 .*stream closed before response.completed/],
  ["a stalled stream", "stall", "1 fault:stall", /^Reconnecting... 1\/5 .*idle timeout waiting for SSE/],
] as const)("Codex comes over %s by itself", async (_name, fault, outcome, message) => {
  await using model = await startScriptedModel({ script: codexScript([{ say: "Done.", fault }]) });
  await using testbed = new CodexTestbed();

  const provider = ",stream_idle_timeout_ms=1000";
  const { exitCode, events } = await testbed.run({ url: model.url, prompt: "Write", provider });

  expect(exitCode).toBe(0);
  expect(asked(model.requests)).toEqual([outcome, "1 answered"]);
  expect(askedAgain(model.requests)).toEqual([]);
  const errors = events.filter(({ type }) => type === "error").map((event) => String(event.message));
  expect(errors).toEqual(message ? [expect.stringMatching(message)] : []);
});

test.each([
  ["429 without retry-after", { status: 429, times: "always" }, 1, "exceeded retry limit, last status: 429"],
  ["500 that lasts", { status: 500, times: "always" }, 4, "experiencing high demand"],
  ["400", { status: 400, message: "no such thing" }, 1, "no such thing"],
  ["a stream that is always cut", { kind: "cut", times: "always" }, 2, "stream disconnected before completion"],
] as const)("Codex fails at %s", async (_name, fault, requests, message) => {
  await using model = await startScriptedModel({ script: codexScript([{ say: "Done.", fault }]) });
  await using testbed = new CodexTestbed();

  const provider = ",request_max_retries=1,stream_max_retries=1";
  const { exitCode, events } = await testbed.run({ url: model.url, prompt: "Write", provider });

  expect(exitCode).toBe(1);
  expect(events.at(-1)).toMatchObject({ type: "turn.failed", error: { message: expect.stringContaining(message) } });
  expect(model.requests).toHaveLength(requests);
  expect(model.requests.every(({ completed }) => !completed)).toBe(true);
});

test("a hanging answer is never completed, and the server closes over it", async () => {
  const model = await startScriptedModel({ script: codexScript([{ say: "Done.", fault: "hang" }]) });
  await using testbed = new CodexTestbed();

  const codex = testbed.start({ url: model.url, prompt: "Write" });
  await model.waitFor(({ step }) => step === 1);
  await codex.kill();
  await codex.ended;
  await model.close();

  expect(model.requests).toMatchObject([{ outcome: "fault:hang", completed: false, usage: null }]);
});

test("a prompt without a turn fails the turn with the prompt's beginning", async () => {
  await using model = await startScriptedModel({ script: codexScript([{ say: "Done." }]) });
  await using testbed = new CodexTestbed();

  const { exitCode, events } = await testbed.run({ url: model.url, prompt: "Paint the fence" });

  expect(exitCode).toBe(1);
  expect(JSON.stringify(events.at(-1))).toContain("no turn for codex matches");
  expect(JSON.stringify(events.at(-1))).toContain("Paint the fence");
  expect(model.requests).toMatchObject([{ outcome: "refused", turn: null, problem: expect.stringContaining("Paint") }]);
});
