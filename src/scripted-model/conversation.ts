/** Reads what a request says of its conversation: who asks, the user's messages, and which steps were given before. */

import type { IncomingHttpHeaders } from "node:http";
import { isPlainObject } from "../core/json.ts";
import type { Client } from "./script.ts";
import { parseStepId } from "./step-id.ts";

/** A step that stands in the conversation because this server gave it in an earlier answer. */
export interface GivenStep {
  readonly turn: string;
  /** 1 for the first. */
  readonly step: number;
  /** `interrupted`: the call was never carried out to its end. `running`: its command has not ended yet. */
  readonly state: "done" | "interrupted" | "running";
  /** With `running`: the terminal session that Codex keeps for the command. */
  readonly sessionId: number | null;
}

export interface Conversation {
  readonly client: Client;
  readonly threadId: string | null;
  /** The model that is asked for, only to be named in the answer. */
  readonly model: string;
  readonly stream: boolean;
  /** What people (or the orchestrator) wrote, oldest first; without what Codex adds by itself. */
  readonly userMessages: readonly string[];
  readonly given: readonly GivenStep[];
  /**
   * A final message that stands last in the conversation. Its stream was cut after the message but before the end, so
   * the client keeps it and asks once more.
   */
  readonly cutOff: GivenStep | null;
  /** Characters of the request, and of the part of it that an earlier request of this conversation held. */
  readonly length: number;
  readonly knownLength: number;
}

/** Throws a `TypeError` if `body` is not a request of the Responses API. */
export function readConversation(headers: IncomingHttpHeaders, body: unknown): Conversation {
  if (!isPlainObject(body)) throw new TypeError("the request's body is not a JSON object");
  const input = typeof body.input === "string" ? [{ role: "user", content: body.input }] : body.input;
  if (!Array.isArray(input)) throw new TypeError("the request's `input` is neither a text nor a list");
  const items = input.filter(isPlainObject);
  const client = clientOf(headers);
  const given = givenSteps(items, client);
  const lastGiven = items.findLastIndex((item) => idOf(item) !== undefined);
  const length = JSON.stringify(body).length;
  return {
    client,
    threadId: threadOf(headers),
    model: typeof body.model === "string" ? body.model : "scripted-model",
    stream: body.stream === true,
    userMessages: items
      .filter((item) => item.role === "user")
      .flatMap(textOf)
      .filter(isWritten),
    given,
    cutOff: items.at(-1)?.role === "assistant" && lastGiven === items.length - 1 ? (given.at(-1) ?? null) : null,
    length,
    knownLength: lastGiven < 0 ? 0 : length - JSON.stringify(items.slice(lastGiven)).length,
  };
}

/** Codex names itself in its headers. */
export function clientOf(headers: IncomingHttpHeaders): Client {
  return String(headers.originator ?? "").startsWith("codex") ? "codex" : "planner";
}

export function threadOf(headers: IncomingHttpHeaders): string | null {
  return typeof headers["thread-id"] === "string" ? headers["thread-id"] : null;
}

/** What Codex adds in the user's name: where it runs, and the repository's AGENTS.md. */
function isWritten(text: string): boolean {
  return !/^\s*(<environment_context>|<user_instructions>|# AGENTS\.md instructions)/.test(text);
}

function textOf(item: Record<string, unknown>): string[] {
  if (typeof item.content === "string") return [item.content];
  if (!Array.isArray(item.content)) return [];
  const texts = item.content.flatMap((part) =>
    isPlainObject(part) && typeof part.text === "string" ? [part.text] : [],
  );
  return texts.filter(isWritten).length > 0 ? [texts.filter(isWritten).join("\n")] : [];
}

function idOf(item: Record<string, unknown>) {
  return parseStepId(item.type === "function_call" ? item.call_id : item.role === "assistant" ? item.id : undefined);
}

function givenSteps(items: readonly Record<string, unknown>[], client: Client): GivenStep[] {
  const outputs = new Map<unknown, string>();
  for (const item of items) {
    if (item.type !== "function_call_output") continue;
    outputs.set(item.call_id, typeof item.output === "string" ? item.output : JSON.stringify(item.output));
  }
  const lastUser = items.findLastIndex((item) => item.role === "user");
  return items.flatMap((item, index): GivenStep[] => {
    const id = idOf(item);
    if (!id) return [];
    const { turn, step } = id;
    if (item.type !== "function_call") return [{ turn, step, state: "done", sessionId: null }];
    const output = outputs.get(item.call_id);
    const session = client === "codex" ? /^Process running with session ID (\d+)$/m.exec(output ?? "") : null;
    // Codex writes "aborted" for a call whose process was killed; a run of the Agents SDK just has no output.
    // What still ran when the user spoke again has ended with its turn.
    const aborted = output === undefined || (client === "codex" && /^aborted\b/.test(output));
    if (aborted || (session && index < lastUser)) return [{ turn, step, state: "interrupted", sessionId: null }];
    return [{ turn, step, state: session ? "running" : "done", sessionId: session ? Number(session[1]) : null }];
  });
}
