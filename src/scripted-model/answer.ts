/** Makes the answer to a chosen step: one output item of the Responses API, and what it cost. */

import type { Json } from "../core/json.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { Choice } from "./choose.ts";
import type { Conversation } from "./conversation.ts";
import type { Step } from "./script.ts";
import { stepId } from "./step-id.ts";

/** A `function_call` or a `message` as the Responses API writes it. */
type OutputItem = { readonly type: "function_call" | "message"; readonly id: string } & Record<string, Json>;

export interface Answer {
  readonly item: OutputItem;
  readonly usage: TokenUsage;
}

/** Codex waits no longer than this for a command before it asks the model again, whatever it is told. */
const LONGEST_YIELD_MS = 30_000;
const CHARACTERS_PER_TOKEN = 4;
/** Providers cache prompts in blocks of this many tokens, from this length on. */
const CACHE_BLOCK = 128;
const SHORTEST_CACHED = 1024;

export function answerOf(choice: Choice, conversation: Conversation): Answer {
  const item = outputItem(choice);
  return { item, usage: { ...reckonUsage(conversation, item), ...definedOf(choice.written.usage) } };
}

/** A final message that is no JSON and follows no schema. Its id names no step, so the step is not taken as given. */
export function nonsenseAnswer(conversation: Conversation): Answer {
  const item = messageItem("msg_nonsense", "As a teapot { I [ cannot");
  return { item, usage: reckonUsage(conversation, item) };
}

function outputItem(choice: Choice): OutputItem {
  const { action } = choice.written;
  const callId = stepId("call", choice.turn.name, choice.step, choice.attempt);
  if (choice.sessionId !== null) {
    const wait = { session_id: choice.sessionId, chars: "", yield_time_ms: LONGEST_YIELD_MS };
    return callItem(callId, "write_stdin", wait);
  }
  switch (action.kind) {
    case "call":
      return callItem(callId, action.tool, action.arguments);
    case "run":
      return callItem(callId, "exec_command", { cmd: action.command, yield_time_ms: LONGEST_YIELD_MS });
    case "json":
    case "say": {
      const text = action.kind === "say" ? action.text : JSON.stringify(action.value);
      return messageItem(stepId("msg", choice.turn.name, choice.step, choice.attempt), text);
    }
  }
}

function callItem(callId: string, name: string, args: Json): OutputItem {
  const id = callId.replace(/^call/, "fc");
  return { type: "function_call", id, call_id: callId, name, arguments: JSON.stringify(args), status: "completed" };
}

function messageItem(id: string, text: string): OutputItem {
  const content = [{ type: "output_text", text, annotations: [], logprobs: [] }];
  return { type: "message", id, role: "assistant", status: "completed", content };
}

function reckonUsage(conversation: Conversation, item: OutputItem): TokenUsage {
  const known = Math.floor(conversation.knownLength / CHARACTERS_PER_TOKEN);
  return {
    inputTokens: Math.ceil(conversation.length / CHARACTERS_PER_TOKEN),
    cachedInputTokens: known < SHORTEST_CACHED ? 0 : known - (known % CACHE_BLOCK),
    outputTokens: Math.ceil(JSON.stringify(item).length / CHARACTERS_PER_TOKEN),
    reasoningOutputTokens: 0,
  };
}

function definedOf(usage: Step["usage"]): Partial<TokenUsage> {
  return Object.fromEntries(Object.entries(usage).filter(([, figure]) => figure !== undefined));
}
