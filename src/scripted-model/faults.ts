/** What goes wrong on purpose: which fault is next, and how each looks on the wire. */

import type { ServerResponse } from "node:http";
import { type Answer, nonsenseAnswer } from "./answer.ts";
import type { Conversation } from "./conversation.ts";
import type { Fault } from "./script.ts";
import { responseEvents, responseObject, sendError, sendEvents, sendJson, type WireOptions } from "./wire.ts";

/** Counts the faults that were given. They are counted for the step, in whatever thread it is asked. */
export class FaultCounter {
  readonly #asked = new Map<string, number>();

  /** The fault to give now; undefined when the step is to be answered as written. */
  next(turn: string, step: number, faults: readonly Fault[]): Fault | undefined {
    const key = `${turn} ${step}`;
    const asked = this.#asked.get(key) ?? 0;
    this.#asked.set(key, asked + 1);
    let left = asked;
    for (const fault of faults) {
      if (fault.times === "always" || left < fault.times) return fault;
      left -= fault.times;
    }
    return undefined;
  }
}

/** `fault:429`, `fault:cut` …: how a record names it. */
export function faultOutcome(fault: Fault): `fault:${string}` {
  return `fault:${fault.kind === "status" ? fault.status : fault.kind}`;
}

export interface FaultTarget {
  readonly response: ServerResponse;
  readonly conversation: Conversation;
  /** What would have been answered. */
  readonly answer: Answer;
  readonly wire: WireOptions;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
}

export async function giveFault(fault: Fault, target: FaultTarget): Promise<void> {
  const { response, conversation, answer, wire, gone } = target;
  const events = responseEvents(answer, wire);
  switch (fault.kind) {
    case "status": {
      const { status, retryAfter, message = `scripted fault ${status}` } = fault;
      const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return sendError(response, status, message, status === 429 ? "rate_limit_exceeded" : "scripted_fault", headers);
    }
    case "cut":
      if (conversation.stream) return cut(response, "text/event-stream", events.join(""));
      return cut(response, "application/json", JSON.stringify(responseObject(answer, wire)));
    case "hang":
      return silence(gone);
    case "stall":
      response.writeHead(200, { "content-type": conversation.stream ? "text/event-stream" : "application/json" });
      response.write(conversation.stream ? (events[0] ?? "") : "{");
      return silence(gone);
    case "nonsense":
      if (conversation.stream)
        return sendEvents(response, ["event: response.completed\ndata: {teapot\n\n", "what\n\n"]);
      return sendJson(response, 200, responseObject(nonsenseAnswer(conversation), wire));
  }
}

/** Breaks the connection before the item is whole: the client has nothing that it could keep. */
async function cut(response: ServerResponse, contentType: string, text: string): Promise<void> {
  const done = text.indexOf("event: response.output_item.done");
  const part = text.slice(0, Math.floor((done < 0 ? text.length : done) / 2));
  response.writeHead(200, { "content-type": contentType });
  await new Promise((resolve) => response.write(part, resolve));
  response.destroy();
}

async function silence(gone: AbortSignal): Promise<void> {
  if (gone.aborted) return;
  await new Promise<void>((resolve) => gone.addEventListener("abort", () => resolve(), { once: true }));
}
