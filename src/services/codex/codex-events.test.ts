import { expect, test } from "vitest";
import { describeItem, parseCodexEvent } from "./codex-events.ts";

const item = (fields: object) => {
  const event = parseCodexEvent(JSON.stringify({ type: "item.completed", item: { id: "item_0", ...fields } }));
  if (event?.type !== "item") throw new Error("no item");
  return event.item;
};

test("the lines that Codex prints become events", () => {
  const id = "01a203a1-4cf5-7bc0-b503-07b9cee8a0a7";
  const usage = { input_tokens: 3, cached_input_tokens: 2, cache_write_input_tokens: 0, output_tokens: 1 };

  expect(parseCodexEvent(`{"type":"thread.started","thread_id":"${id}"}`)).toEqual({
    type: "thread-started",
    threadId: id,
  });
  expect(parseCodexEvent('{"type":"turn.started"}')).toEqual({ type: "other" });
  expect(parseCodexEvent('{"type":"turn.failed","error":{"message":"no"}}')).toEqual({
    type: "turn-failed",
    message: "no",
  });
  expect(parseCodexEvent('{"type":"error","message":"no"}')).toEqual({ type: "error", message: "no" });
  expect(parseCodexEvent(JSON.stringify({ type: "turn.completed", usage }))).toEqual({
    type: "turn-completed",
    usage: { inputTokens: 3, cachedInputTokens: 2, outputTokens: 1, reasoningOutputTokens: 0 },
  });
});

test.each([
  "",
  "Reading additional input from stdin...",
  "null",
  "[]",
  "{}",
  '{"type":7}',
  '{"type":"turn.comp',
  "\u0000",
])("a line that is no event is none: %j", (line) => {
  expect(parseCodexEvent(line)).toBeUndefined();
});

test("an event of an unknown kind, or a known one with a wrong shape, is neither an error nor believed", () => {
  expect(parseCodexEvent('{"type":"thread.renamed","to":"x"}')).toEqual({ type: "other" });
  expect(parseCodexEvent('{"type":"thread.started","thread_id":"--last"}')).toEqual({ type: "other" });
  expect(parseCodexEvent('{"type":"turn.completed","usage":null}')).toEqual({ type: "other" });
  expect(item({ type: "new_thing" })).toEqual({ kind: "other", name: "new_thing" });
  expect(item({ type: "agent_message", text: 7 })).toEqual({ kind: "other", name: "agent_message" });
});

test.each([
  [{ type: "agent_message", text: "I did it.\nIt works." }, "I did it."],
  [{ type: "reasoning", text: "Thinking" }, "Thinking"],
  [{ type: "command_execution", command: "/bin/bash -c 'npm test'" }, "$ npm test"],
  [{ type: "command_execution", command: "/usr/bin/zsh -lc ls" }, "$ ls"],
  [{ type: "command_execution", command: '/bin/bash -lc "echo \\"a\\" $b"' }, '$ echo "a" $b'],
  [{ type: "command_execution", command: "/bin/bash -c 'it'\\''s'" }, "$ 'it'\\''s'"],
  [{ type: "file_change", changes: [{ path: "a.ts" }, { path: "b.ts" }] }, "edits a.ts, b.ts"],
  [{ type: "mcp_tool_call", server: "docs", tool: "find" }, "calls docs.find"],
  [{ type: "web_search", query: "x" }, "searches the web for x"],
  [{ type: "todo_list", items: [{ completed: true }, { completed: false }] }, "1 of 2 steps done"],
  [{ type: "error", message: "odd" }, "odd"],
])("what the agent does is said in a few words: %j", (fields, words) => {
  expect(describeItem(item(fields))).toBe(words);
});

test("what an agent says cannot steer a terminal, nor fill it", () => {
  const words = describeItem(item({ type: "agent_message", text: `\u001b[2J${"x".repeat(500)}` }));

  expect(words).toMatch(/^·\[2Jx+…$/);
  expect(words).toHaveLength(120);
});
