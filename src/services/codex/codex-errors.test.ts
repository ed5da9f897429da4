import { expect, test } from "vitest";
import { isThreadLost, turnError } from "./codex-errors.ts";
import { createRunCodexTurn } from "./run-codex-turn.ts";
import { apiKey, makeContext, makeWorkshop, processesOf, scriptedModel, subtask } from "./turn.testkit.ts";

const failed = { exitCode: 1, signal: null };

test.each([
  ["exceeded retry limit, last status: 429 Too Many Requests", "rate-limited", true],
  ["Quota exceeded. Check your plan and billing details.", "model-quota-exceeded", false],
  ["You've hit your usage limit.", "model-quota-exceeded", false],
  ["unexpected status 401 Unauthorized: no", "model-refused-key", false],
  ["unexpected status 403 Forbidden: no", "model-refused-key", false],
  ["We’re currently experiencing high demand, which may cause temporary errors.", "model-unavailable", true],
  ["unexpected status 503 Service Unavailable: no", "model-unavailable", true],
  ["stream disconnected before completion: idle timeout waiting for SSE", "model-unavailable", true],
  ["Connection failed: error sending request", "model-unavailable", true],
  ["The model `x` does not exist", "codex-failed", false],
  ["Codex ran out of room in the model's context window.", "codex-failed", false],
  ['{"error":{"message":"bad","type":"invalid_request_error"}}', "codex-failed", false],
  ["something nobody has seen before", "codex-failed", true],
])("what Codex says becomes an error of a class: %s", (said, code, retryable) => {
  expect(turnError({ said, stderr: "", end: failed }, 0)).toMatchObject({ code, retryable });
});

test("a rate limit's own word on when to try again is kept", () => {
  const error = turnError({ said: "Rate limit reached. Please try again in 2.5s.", stderr: "", end: failed }, 0);

  expect(error).toMatchObject({ code: "rate-limited", retryAfterMs: 2500 });
});

test("a usage limit that says when it ends is waited for; one that does not needs a person", () => {
  const said = "You've hit your usage limit. Try again in 2 hours 30 minutes.";
  expect(turnError({ said, stderr: "", end: failed }, 0)).toMatchObject({
    code: "rate-limited",
    retryable: true,
    retryAfterMs: 9_000_000,
  });
});

test("a Codex that ended without a word died, one that could not start says why", () => {
  const killed = { exitCode: null, signal: "SIGKILL" };

  expect(turnError({ said: null, stderr: "", end: killed }, 0)).toMatchObject({ code: "codex-died", retryable: true });
  expect(turnError({ said: null, stderr: "", end: undefined }, 0)).toMatchObject({
    code: "codex-died",
    retryable: true,
  });
  expect(
    turnError({ said: null, stderr: "Reading prompt\nError loading config.toml: bad", end: failed }, 0),
  ).toMatchObject({
    code: "codex-failed",
    retryable: false,
    message: "Codex's turn failed: Error loading config.toml: bad",
  });
});

test("of a service's JSON the message is told, with what to do; the class comes from all of it", () => {
  const said = '{"error":{"message":"Try another model","type":"invalid_request_error","code":"model_not_found"}}';
  expect(turnError({ said, stderr: "", end: failed }, 0)).toMatchObject({
    code: "codex-failed",
    retryable: false,
    message: "Codex's turn failed: Try another model (model_not_found)",
    hint: "check the model's name and Codex's configuration",
  });
});

test("a lost thread is told from Codex's harmless complaint about one", () => {
  expect(isThreadLost("Error: thread/resume failed: no rollout found for thread id 01a2")).toBe(true);
  expect(isThreadLost("ERROR codex_core: failed to record rollout items: thread 01a2 not found")).toBe(false);
});

test.each([
  ["{ status: 429, times: always }", "rate-limited", true],
  ["{ status: 500, times: always }", "model-unavailable", true],
  ["{ kind: cut, times: always }", "model-unavailable", true],
  ["{ status: 401, times: always, message: 'Incorrect API key provided: KEY' }", "model-refused-key", false],
])(
  "a turn whose model answers with %s fails as %s, without the key in it and with no process left",
  async (fault, code, retryable) => {
    await using workshop = await makeWorkshop();
    await using model = await scriptedModel(`- { say: Never., fault: ${fault.replace("KEY", apiKey)} }`);
    const turn = createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), makeContext());

    const error = await turn.catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code, retryable });
    expect(JSON.stringify(error) + String(error)).not.toContain(apiKey);
    expect(await processesOf(workshop)).toEqual([]);
  },
);

test("a server that isn't there fails the turn soon, as one that may be tried again", async () => {
  await using workshop = await makeWorkshop();
  const model = await scriptedModel("- say: Never.");
  await model.close();
  const turn = createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), makeContext());

  await expect(turn).rejects.toMatchObject({ code: "model-unavailable", retryable: true });
});

test("a short glitch of the model's server does not end the turn", async () => {
  await using workshop = await makeWorkshop();
  await using model = await scriptedModel("- { say: Done., fault: [{ status: 500, times: 1 }, cut] }");

  const output = await createRunCodexTurn(workshop.settings(model.url))(workshop.input(subtask), makeContext());

  expect(output.message).toBe("Done.");
});
