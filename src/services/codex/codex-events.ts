/** What `codex exec --json` prints, one JSON object a line, in our own words. Unknown kinds of line are not an error. */

import { z } from "zod";
import { printable } from "../../core/ids.ts";
import type { TokenUsage } from "../../core/usage.ts";

export type CodexEvent =
  | { readonly type: "thread-started"; readonly threadId: string }
  | {
      readonly type: "item";
      readonly phase: "started" | "updated" | "completed";
      readonly id: string;
      readonly item: CodexItem;
    }
  /** The usage is that of the whole thread so far, not of this turn. */
  | { readonly type: "turn-completed"; readonly usage: TokenUsage }
  | { readonly type: "turn-failed"; readonly message: string }
  /** Something went wrong; Codex may still get over it by itself ("Reconnecting… 1/3"). */
  | { readonly type: "error"; readonly message: string }
  | { readonly type: "other" };

export type CodexItem =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "command"; readonly command: string; readonly output: string; readonly exitCode: number | null }
  | { readonly kind: "file-change"; readonly files: readonly string[] }
  | { readonly kind: "tool"; readonly name: string }
  | { readonly kind: "web-search"; readonly query: string }
  | { readonly kind: "todo-list"; readonly done: number; readonly total: number }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "other"; readonly name: string };

const tokens = z.number().nonnegative().catch(0);

const itemSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("agent_message"), text: z.string() }),
  z.object({ type: z.literal("reasoning"), text: z.string() }),
  z.object({
    type: z.literal("command_execution"),
    command: z.string(),
    aggregated_output: z.string().catch(""),
    exit_code: z.number().nullable().catch(null),
  }),
  z.object({ type: z.literal("file_change"), changes: z.array(z.object({ path: z.string() })).catch([]) }),
  z.object({ type: z.literal("mcp_tool_call"), server: z.string(), tool: z.string() }),
  z.object({ type: z.literal("web_search"), query: z.string() }),
  z.object({ type: z.literal("todo_list"), items: z.array(z.object({ completed: z.boolean() })).catch([]) }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);

const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("thread.started"), thread_id: z.uuid() }),
  z.object({
    type: z.literal("turn.completed"),
    usage: z.object({
      input_tokens: tokens,
      cached_input_tokens: tokens,
      output_tokens: tokens,
      reasoning_output_tokens: tokens,
    }),
  }),
  z.object({ type: z.literal("turn.failed"), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal("error"), message: z.string() }),
  z.object({
    type: z.enum(["item.started", "item.updated", "item.completed"]),
    item: z.looseObject({ type: z.string(), id: z.string().catch("") }),
  }),
]);

const anyLine = z.looseObject({ type: z.string() });

/** The event that a line holds; undefined for a line that is not an event at all. */
export function parseCodexEvent(line: string): CodexEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = eventSchema.safeParse(json);
  if (!parsed.success) return anyLine.safeParse(json).success ? { type: "other" } : undefined;
  const event = parsed.data;
  switch (event.type) {
    case "thread.started":
      return { type: "thread-started", threadId: event.thread_id };
    case "turn.completed":
      return { type: "turn-completed", usage: toUsage(event.usage) };
    case "turn.failed":
      return { type: "turn-failed", message: event.error.message };
    case "error":
      return { type: "error", message: event.message };
    default:
      return { type: "item", phase: PHASES[event.type], id: event.item.id, item: toItem(event.item) };
  }
}

/** What the agent does, in a few words for a person: one line, printable. */
export function describeItem(item: CodexItem, longest = 120): string {
  return printable(wordsFor(item).trim(), longest);
}

const PHASES = { "item.started": "started", "item.updated": "updated", "item.completed": "completed" } as const;

function wordsFor(item: CodexItem): string {
  switch (item.kind) {
    case "message":
    case "reasoning":
      return firstLine(item.text);
    case "command":
      return `$ ${firstLine(item.command)}`;
    case "file-change":
      return `edits ${item.files.join(", ")}`;
    case "tool":
      return `calls ${item.name}`;
    case "web-search":
      return `searches the web for ${item.query}`;
    case "todo-list":
      return `${item.done} of ${item.total} steps done`;
    case "error":
      return firstLine(item.message);
    case "other":
      return item.name;
  }
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

function toItem(raw: { readonly type: string }): CodexItem {
  const parsed = itemSchema.safeParse(raw);
  if (!parsed.success) return { kind: "other", name: raw.type };
  const item = parsed.data;
  switch (item.type) {
    case "agent_message":
      return { kind: "message", text: item.text };
    case "reasoning":
      return { kind: "reasoning", text: item.text };
    case "command_execution":
      return {
        kind: "command",
        command: withoutShell(item.command),
        output: item.aggregated_output,
        exitCode: item.exit_code,
      };
    case "file_change":
      return { kind: "file-change", files: item.changes.map(({ path }) => path) };
    case "mcp_tool_call":
      return { kind: "tool", name: `${item.server}.${item.tool}` };
    case "web_search":
      return { kind: "web-search", query: item.query };
    case "todo_list":
      return {
        kind: "todo-list",
        done: item.items.filter(({ completed }) => completed).length,
        total: item.items.length,
      };
    case "error":
      return { kind: "error", message: item.message };
  }
}

/** Codex shows `/bin/bash -c 'npm test'`: a person wants to read `npm test`. */
function withoutShell(command: string): string {
  const script = /^\S*\/(?:ba|z|da)?sh -l?c ([\s\S]+)$/.exec(command)?.[1];
  if (script === undefined) return command;
  if (/^'[^']*'$/.test(script)) return script.slice(1, -1);
  if (/^"(?:[^"\\]|\\[\s\S])*"$/.test(script)) return script.slice(1, -1).replace(/\\(["\\$`])/g, "$1");
  return script;
}

function toUsage(usage: {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_output_tokens: number;
}): TokenUsage {
  return {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.cached_input_tokens,
    outputTokens: usage.output_tokens,
    reasoningOutputTokens: usage.reasoning_output_tokens,
  };
}
