import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../core/errors.ts";
import { defineScript } from "./parse-script.ts";
import { readRequestLog } from "./records.ts";
import type { ScriptInput } from "./script.ts";
import { startScriptedModel } from "./server.ts";

type Step = ScriptInput["turns"][number]["steps"][number];

const oneStep = (step: Step) =>
  defineScript({ turns: [{ name: "greet", for: "planner", match: "Hello", steps: [step] }] });

interface Answered {
  readonly output: readonly { readonly call_id: string }[];
  readonly usage: {
    readonly input_tokens: number;
    readonly input_tokens_details: { readonly cached_tokens: number };
    readonly output_tokens: number;
  };
}

const jsonOf = async <T>(response: Promise<Response> | Response): Promise<T> => (await (await response).json()) as T;
const messageOf = async (response: Response) => (await jsonOf<{ error: { message: string } }>(response)).error.message;

const ask = (url: string, body: unknown = { input: "Hello", stream: false }, signal?: AbortSignal) =>
  fetch(`${url}/responses`, { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) });

test("an answer in one piece is a whole response object", async () => {
  await using model = await startScriptedModel({ script: oneStep({ say: "Good day.", usage: { inputTokens: 3 } }) });

  const response = await ask(model.url, { model: "any", input: "Hello" });

  expect(await response.json()).toMatchObject({
    object: "response",
    status: "completed",
    model: "any",
    output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Good day." }] }],
    usage: { input_tokens: 3 },
  });
});

test("a streamed answer is a series of numbered events that ends with the whole response", async () => {
  await using model = await startScriptedModel({ script: oneStep({ say: "Good day." }) });

  const response = await ask(model.url, { input: "Hello", stream: true });
  const blocks = (await response.text()).trim().split("\n\n");
  const events = blocks.map((block) => JSON.parse(block.slice(block.indexOf("data: ") + 6)));

  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_event, index) => index));
  expect(events.map(({ type }) => type)).toEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
  ]);
  expect(events.at(-1).response.output[0].content[0].text).toBe("Good day.");
});

test("usage that the script leaves out grows with the conversation, and what was sent before counts as cached", async () => {
  const script = defineScript({
    turns: [{ name: "look", for: "planner", match: "Look", steps: [{ call: "look" }, { say: "I looked." }] }],
  });
  await using model = await startScriptedModel({ script });
  const long = { role: "user", content: `Look ${"at this ".repeat(1000)}` };

  const first = await jsonOf<Answered>(ask(model.url, { input: [long] }));
  const [item] = first.output;
  const result = { type: "function_call_output", call_id: item?.call_id, output: "a wall" };
  const second = await jsonOf<Answered>(ask(model.url, { input: [long, item, result] }));

  expect(first.usage).toMatchObject({ input_tokens: 2012, input_tokens_details: { cached_tokens: 0 } });
  expect(second.usage.input_tokens).toBeGreaterThan(first.usage.input_tokens);
  expect(second.usage.input_tokens_details.cached_tokens).toBe(1920);
  expect(second.usage.output_tokens).toBeGreaterThan(0);
});

test("faults come in their order, each as often as written, and then the answer", async () => {
  const fault = [{ status: 429, retryAfter: 2, times: 2 }, { status: 500 }] as const;
  await using model = await startScriptedModel({ script: oneStep({ say: "Good day.", fault: [...fault] }) });

  const responses = [];
  for (let n = 0; n < 4; n++) responses.push(await ask(model.url));

  expect(responses.map(({ status }) => status)).toEqual([429, 429, 500, 200]);
  expect(responses.map(({ headers }) => headers.get("retry-after"))).toEqual(["2", "2", null, null]);
  expect(model.requests.map(({ completed }) => completed)).toEqual([false, false, false, true]);
});

test("a step that holds a gate is answered when the gate opens", async () => {
  await using model = await startScriptedModel({ script: oneStep({ say: "Good day.", hold: "gate" }) });

  const response = ask(model.url);
  const pending = await model.waitFor(({ turn }) => turn === "greet");
  expect(pending.outcome).toBe("pending");
  model.release("gate");

  expect((await response).status).toBe(200);
  expect((await ask(model.url)).status).toBe(200);
});

test("a client that goes before its answer has not completed it", async () => {
  await using model = await startScriptedModel({ script: oneStep({ say: "Good day.", delay: 600_000 }) });
  const controller = new AbortController();

  const response = ask(model.url, undefined, controller.signal);
  await model.waitFor(({ turn }) => turn === "greet");
  controller.abort();

  await expect(response).rejects.toThrow();
  const record = await model.waitFor(({ outcome }) => outcome !== "pending");
  expect(record).toMatchObject({ outcome: "client-gone", completed: false, usage: null });
});

test.each([{ delay: 600_000 }, { hold: "gate" }, { fault: "hang" }, { fault: "stall" }] as const)(
  "the server closes over a request that waits: %o",
  async (wait) => {
    const model = await startScriptedModel({ script: oneStep({ say: "Good day.", ...wait }) });
    const response = ask(model.url).then((answer) => answer.text());
    const rejected = expect(response).rejects.toThrow();
    await model.waitFor(({ turn }) => turn === "greet");

    await model.close();

    await rejected;
    expect(model.requests).toMatchObject([{ completed: false }]);
  },
);

test("what has no answer is refused aloud: an unknown prompt, a broken request, another path", async () => {
  await using model = await startScriptedModel({ script: oneStep({ say: "Good day." }) });

  const unknown = await ask(model.url, { input: "Goodbye" });
  const broken = await fetch(`${model.url}/responses`, { method: "POST", body: "{" });
  const elsewhere = await fetch(`${model.url}/chat/completions`, { method: "POST", body: "{}" });

  expect([unknown.status, broken.status, elsewhere.status]).toEqual([400, 400, 404]);
  expect(await messageOf(unknown)).toContain('begins "Goodbye"');
  expect(await messageOf(broken)).toContain("cannot be read");
  expect(await messageOf(elsewhere)).toContain("/v1/chat/completions");
  expect(model.requests).toMatchObject([
    { outcome: "refused", problem: expect.stringContaining("Goodbye") },
    { outcome: "refused", problem: expect.stringContaining("cannot be read") },
  ]);
});

test("the models are listed", async () => {
  await using model = await startScriptedModel({ script: oneStep({ say: "Good day." }) });
  expect(await (await fetch(`${model.url}/models`)).json()).toMatchObject({
    object: "list",
    data: [{ object: "model" }],
  });
});

test("a port that is taken is a usage error", async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port));
  });
  await expect(startScriptedModel({ script: oneStep({ say: "Good day." }), port })).rejects.toThrow(UsageError);
  await new Promise((resolve) => other.close(resolve));
});

test("the log file holds every request as another process sees it, also over a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-request-log-"));
  const logFile = join(folder, "requests.jsonl");
  try {
    for (let run = 0; run < 2; run++) {
      await using model = await startScriptedModel({ script: oneStep({ say: "Good day." }), logFile });
      await (await ask(model.url)).text();
      await model.waitFor(({ outcome }) => outcome === "answered");
      expect(readRequestLog(logFile).at(-1)).toEqual(model.requests[0]);
    }
    expect(readRequestLog(logFile).map(({ n, outcome }) => [n, outcome])).toEqual([
      [1, "answered"],
      [2, "answered"],
    ]);
    expect(readRequestLog(join(folder, "none.jsonl"))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
