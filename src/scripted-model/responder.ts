/** Answers one request of the Responses API: chooses the step, gives its faults first, and records what became of it. */

import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { errorMessage } from "../core/errors.ts";
import { answerOf } from "./answer.ts";
import { choose } from "./choose.ts";
import { type Conversation, clientOf, readConversation, threadOf } from "./conversation.ts";
import { FaultCounter, faultOutcome, giveFault } from "./faults.ts";
import { Gates } from "./gates.ts";
import type { RequestLog, RequestRecord } from "./records.ts";
import type { Script } from "./script.ts";
import { responseEvents, responseObject, sendError, sendEvents, sendJson } from "./wire.ts";

type Ending = Pick<RequestRecord, "outcome"> & Partial<Omit<RequestRecord, "n">>;

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
    const n = this.#log.add(newRecord(headers));
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const ending = await this.#answer(n, headers, body, response, gone.signal);
    const written = await isWritten(response);
    const isFault = ending.outcome.startsWith("fault:");
    const outcome = written || isFault ? ending.outcome : this.#closing ? "server-closed" : "client-gone";
    const completed = outcome === "answered";
    const usage = completed ? (ending.usage ?? null) : null;
    this.#log.update(n, { ...ending, outcome, completed, usage, endedAt: Date.now() });
  }

  async #answer(
    n: number,
    headers: IncomingHttpHeaders,
    body: string,
    response: ServerResponse,
    gone: AbortSignal,
  ): Promise<Ending> {
    const refuse = (problem: string): Ending => {
      sendError(response, 400, `scripted model: ${problem}`, "no_scripted_answer");
      return { outcome: "refused", problem };
    };
    let conversation: Conversation;
    try {
      conversation = readConversation(headers, JSON.parse(body));
    } catch (error) {
      return refuse(`the request cannot be read: ${errorMessage(error)}`);
    }
    this.#log.update(n, { conversation: conversation.threadId ?? hash(conversation.userMessages[0] ?? "") });
    const choice = choose(this.#script, conversation);
    if ("problem" in choice) return refuse(choice.problem);
    const { turn, step, prompt, again } = choice;
    this.#log.update(n, { turn: turn.name, step, promptHash: hash(prompt), again });
    const { delay, hold, faults } = choice.written;
    const fault = this.#faults.next(turn.name, step, faults);
    if (hold !== null) await this.gates.pass(hold, gone);
    if (delay > 0) await sleep(delay, undefined, { signal: gone }).catch(() => {});
    if (gone.aborted) return { outcome: "client-gone" };
    const answer = answerOf(choice, conversation);
    const wire = { responseId: `resp_scripted_${n}`, model: conversation.model, createdAt: Date.now() };
    if (fault) {
      await giveFault(fault, { response, conversation, answer, wire, gone });
      return { outcome: faultOutcome(fault) };
    }
    if (conversation.stream) sendEvents(response, responseEvents(answer, wire));
    else sendJson(response, 200, responseObject(answer, wire));
    return { outcome: "answered", usage: answer.usage };
  }
}

function newRecord(headers: IncomingHttpHeaders): Omit<RequestRecord, "n"> {
  const threadId = threadOf(headers);
  return {
    at: Date.now(),
    endedAt: null,
    client: clientOf(headers),
    threadId,
    conversation: threadId ?? "",
    turn: null,
    step: null,
    promptHash: null,
    again: null,
    outcome: "pending",
    completed: false,
    usage: null,
    problem: null,
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
