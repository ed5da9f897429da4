/** The Responses API on the wire: an answer as one JSON document, or as server-sent events. */

import type { ServerResponse } from "node:http";
import type { TokenUsage } from "../core/usage.ts";
import type { Answer } from "./answer.ts";

export interface WireOptions {
  readonly responseId: string;
  readonly model: string;
  readonly createdAt: number;
}

/** The whole `response` object. */
export function responseObject(answer: Answer, { responseId, model, createdAt }: WireOptions) {
  return {
    id: responseId,
    object: "response",
    created_at: Math.floor(createdAt / 1000),
    status: "completed",
    model,
    output: [answer.item],
    usage: usageObject(answer.usage),
  };
}

/** The events of a streamed answer, in their order. */
export function responseEvents(answer: Answer, options: WireOptions): string[] {
  const { item } = answer;
  const response = responseObject(answer, options);
  const begun = { ...response, status: "in_progress", output: [], usage: null };
  const events = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress" } },
    ...textEvents(answer),
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response },
  ];
  return events.map((event, index) => sse({ ...event, sequence_number: index }));
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
) {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
}

export function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  code: string,
  headers: Record<string, string> = {},
): void {
  const type = status === 429 ? "rate_limit_error" : status < 500 ? "invalid_request_error" : "server_error";
  sendJson(response, status, { error: { message, type, code, param: null } }, headers);
}

/** Without `added` parts a client that follows the stream would meet a delta of an item that it doesn't know. */
function textEvents({ item }: Answer): { type: string; [key: string]: unknown }[] {
  if (item.type !== "message") return [];
  const text = (item.content as { text: string }[])[0]?.text ?? "";
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
  const part = { type: "output_text", text, annotations: [] };
  return [
    { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
    { type: "response.output_text.delta", ...at, delta: text },
    { type: "response.output_text.done", ...at, text },
    { type: "response.content_part.done", ...at, part },
  ];
}

function sse(event: { readonly type: string; readonly sequence_number: number }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function usageObject(usage: TokenUsage) {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningOutputTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

export function sendEvents(response: ServerResponse, events: readonly string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const event of events) response.write(event);
  response.end();
}
