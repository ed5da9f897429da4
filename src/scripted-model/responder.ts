/** Answers one request of the Responses API: chooses the step, gives its faults first, and records what became of it. */

import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { errorMessage } from "../core/errors.ts";
import { answerOf } from "./answer.ts";
import { type Choice, choose } from "./choose.ts";
import { type Conversation, clientOf, readConversation, threadOf } from "./conversation.ts";
import { FaultCounter, faultOutcome, giveFault } from "./faults.ts";
import { Gates } from "./gates.ts";
import type { RequestRecord } from "./records.ts";
import type { RequestLog } from "./request-log.ts";
import type { Script } from "./script.ts";
import { responseEvents, responseObject, sendError, sendEvents, sendJson } from "./wire.ts";

type Asked =
  | { readonly conversation: Conversation; readonly choice: Choice; readonly problem?: never }
  | { readonly conversation?: Conversation; readonly choice?: never; readonly problem: string };

const unhindered = { delay: 0, hold: null, faults: [] };

type Ending = Pick<RequestRecord, "outcome" | "usage">;

export class Responder {
  readonly gates = new Gates();
  readonly #script: Script;
  readonly #log: RequestLog;
  readonly #faults = new FaultCounter();
  #closing = false;

  constructor(script: Script, log: RequestLog) {
    this.#script = script;
    this.#log = log;
  }

  /** From now on a connection that breaks is the server's doing. */
  close(): void {
    this.#closing = true;
  }

  async respond(headers: IncomingHttpHeaders, body: string, response: ServerResponse): Promise<void> {
    const asked = this.#understand(headers, body);
    const n = this.#log.add(newRecord(headers, asked));
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const ending = await this.#answer(n, asked, response, gone.signal);
    const written = await isWritten(response);
    const isFault = ending.outcome.startsWith("fault:");
    const outcome = written || isFault ? ending.outcome : this.#closing ? "server-closed" : "client-gone";
    const completed = outcome === "answered";
    this.#log.update(n, { outcome, completed, usage: completed ? ending.usage : null, endedAt: Date.now() });
  }

  #understand(headers: IncomingHttpHeaders, body: string): Asked {
    try {
      const conversation = readConversation(headers, JSON.parse(body));
      return { conversation, ...choose(this.#script, conversation) };
    } catch (error) {
      return { problem: `the request cannot be read: ${errorMessage(error)}` };
    }
  }

  async #answer(n: number, asked: Asked, response: ServerResponse, gone: AbortSignal): Promise<Ending> {
    if (asked.problem !== undefined) {
      sendError(response, 400, `scripted model: ${asked.problem}`, "no_scripted_answer");
      return { outcome: "refused", usage: null };
    }
    const { conversation, choice } = asked;
    // Delay and faults are those of the step, not of the polls that wait for its command.
    const { delay, hold, faults } = choice.again === "still-running" ? unhindered : choice.written;
    const fault = this.#faults.next(choice.turn.name, choice.step, faults);
    if (hold !== null) await this.gates.pass(hold, gone);
    if (delay > 0) await sleep(delay, undefined, { signal: gone }).catch(() => {});
    if (gone.aborted) return { outcome: "client-gone", usage: null };
    const answer = answerOf(choice, conversation);
    const wire = { responseId: `resp_scripted_${n}`, model: conversation.model, createdAt: Date.now() };
    if (fault) {
      await giveFault(fault, { response, conversation, answer, wire, gone });
      return { outcome: faultOutcome(fault), usage: null };
    }
    if (conversation.stream) sendEvents(response, responseEvents(answer, wire));
    else sendJson(response, 200, responseObject(answer, wire));
    return { outcome: "answered", usage: answer.usage };
  }
}

function newRecord(headers: IncomingHttpHeaders, asked: Asked): Omit<RequestRecord, "n"> {
  const threadId = threadOf(headers);
  const { choice } = asked;
  return {
    at: Date.now(),
    endedAt: null,
    client: clientOf(headers),
    threadId,
    conversation: threadId ?? hash(asked.conversation?.userMessages[0] ?? ""),
    turn: choice?.turn.name ?? null,
    step: choice?.step ?? null,
    promptHash: choice ? hash(choice.prompt) : null,
    again: choice?.again ?? null,
    outcome: "pending",
    completed: false,
    usage: null,
    problem: asked.problem ?? null,
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Whether the response went out whole; waits until that is known. */
async function isWritten(response: ServerResponse): Promise<boolean> {
  if (!response.writableFinished && !response.destroyed) {
    await new Promise((resolve) => response.once("finish", resolve).once("close", resolve));
  }
  return response.writableFinished;
}
