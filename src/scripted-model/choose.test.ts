import { expect, test } from "vitest";
import { choose } from "./choose.ts";
import { readConversation } from "./conversation.ts";
import { defineScript } from "./parse-script.ts";

const script = defineScript({
  continues: ["Go on"],
  turns: [
    { name: "dig", for: "codex", match: "Dig", steps: [{ run: "one" }, { run: "two" }, { say: "Dug." }] },
    { name: "deeper", for: "codex", match: "too flat", steps: [{ run: "three" }, { say: "Deeper." }] },
    { name: "dig-plan", for: "planner", match: "Dig", steps: [{ call: "look" }, { json: {} }] },
  ],
});

const user = (text: string) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
const call = (id: string) => ({ type: "function_call", call_id: id, name: "exec_command", arguments: "{}" });
const output = (id: string, text: string) => ({ type: "function_call_output", call_id: id, output: text });
const did = (id: string) => [call(id), output(id, "Wall time: 0.1 seconds\nProcess exited with code 0\nOutput:\n")];
const said = (id: string) => ({ type: "message", role: "assistant", id, content: [] });

function at(input: unknown, headers: Record<string, string> = { originator: "codex_exec", "thread-id": "t" }) {
  const result = choose(script, readConversation(headers, { input }));
  if ("problem" in result) return result.problem;
  const { turn, step, attempt, again } = result.choice;
  return [turn.name, step, attempt, again];
}

const dug = [user("Dig a hole"), ...did("call_dig_1_0"), ...did("call_dig_2_0"), said("msg_dig_3_0")];

test("a conversation without answers begins with the first step", () => {
  expect(at([user("Dig a hole")])).toEqual(["dig", 1, 0, null]);
});

test("the same words select the turn of the client that asks", () => {
  expect(at([user("Dig a hole")], {})).toEqual(["dig-plan", 1, 0, null]);
  expect(at("Dig a hole", {})).toEqual(["dig-plan", 1, 0, null]);
});

test("a conversation goes on behind the last step that was carried out", () => {
  expect(at([user("Dig a hole"), ...did("call_dig_1_0")])).toEqual(["dig", 2, 0, null]);
  expect(at([user("Dig a hole"), ...did("call_dig_1_0"), ...did("call_dig_2_0")])).toEqual(["dig", 3, 0, null]);
});

test.each([
  ["no output", [call("call_dig_2_0")]],
  ["an aborted output", [call("call_dig_2_0"), output("call_dig_2_0", "aborted")]],
])("a step with %s is given again, under another id", (_name, items) => {
  const input = [user("Dig a hole"), ...did("call_dig_1_0"), ...items, user("Please go on")];
  expect(at(input)).toEqual(["dig", 2, 1, "interrupted"]);
  expect(at([...input, ...did("call_dig_2_1")])).toEqual(["dig", 3, 0, null]);
});

test("a command that still runs is waited for before the next step", () => {
  const running = output("call_dig_1_0", "Wall time: 30.0 seconds\nProcess running with session ID 18178\nOutput:\n");
  const input = [user("Dig a hole"), call("call_dig_1_0"), running];
  const result = choose(script, readConversation({ originator: "codex_exec" }, { input }));

  expect(result).toMatchObject({ choice: { step: 1, attempt: 1, again: "still-running", sessionId: 18178 } });
  expect(at([...input, ...did("call_dig_1_1")])).toEqual(["dig", 2, 0, null]);
});

test("a command that ran when its process was killed is given again", () => {
  const running = output("call_dig_1_0", "Process running with session ID 18178\n");
  const input = [user("Dig a hole"), call("call_dig_1_0"), running];
  const poll = [call("call_dig_1_1"), output("call_dig_1_1", "aborted")];
  expect(at([...input, user("Go on")])).toEqual(["dig", 1, 1, "interrupted"]);
  expect(at([...input, ...poll, user("Go on")])).toEqual(["dig", 1, 2, "interrupted"]);
});

test("a final message whose stream was cut is given again", () => {
  expect(at(dug)).toEqual(["dig", 3, 1, "interrupted"]);
});

test("a newer user message selects its turn, and a message that selects none goes on with the turn before", () => {
  expect(at([...dug, user("It is too flat")])).toEqual(["deeper", 1, 0, null]);
  expect(at([...dug, user("It is too flat"), ...did("call_deeper_1_0"), user("What now?")])).toEqual([
    "deeper",
    2,
    0,
    null,
  ]);
});

test("a turn that is finished gives way to the next one that matches the same message", () => {
  expect(at([...dug, user("Dig: too flat")])).toEqual(["deeper", 1, 0, null]);
});

test("after a finished turn only the words that go on are answered, with its last step", () => {
  expect(at([...dug, user("Go on")])).toEqual(["dig", 3, 1, "continued"]);
  expect(
    at([...dug, user("It is too flat"), ...did("call_deeper_1_0"), said("msg_deeper_2_0"), user("Go on")]),
  ).toEqual(["deeper", 2, 1, "continued"]);
  expect(at([...dug, user("Paint it")])).toMatch(/^turn "dig" is finished .* begins "Paint it"$/);
});

test("what Codex writes in the user's name selects no turn", () => {
  const context = user("<environment_context>\n  <cwd>/holes/Dig</cwd>\n</environment_context>");
  const rules = user("# AGENTS.md instructions for /holes\n\nDig only on Mondays, it is too flat here.");
  expect(at([context, rules, user("Paint it")])).toBe(
    'no turn for codex matches the user message that begins "Paint it"',
  );
});

test("a request that is none is refused", () => {
  expect(() => readConversation({}, [])).toThrow("not a JSON object");
  expect(() => readConversation({}, { input: 5 })).toThrow("neither a text nor a list");
  expect(at([])).toBe("the request holds no user message");
});
