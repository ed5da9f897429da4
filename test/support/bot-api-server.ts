/**
 * A Bot API server on loopback, as strict as Telegram's where we depend on it: updates are given again until a later
 * offset confirms them, one poller at a time, limits on what a message holds. Troubles are made on demand.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What goes wrong with one call. `cut`: before it has its effect; `cut-after`: behind it. `hold`: it has its effect, and no answer. */
export type BotFault = "cut" | "cut-after" | "hold" | { readonly status: number; readonly retryAfter?: number };

interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

export interface BotMessage {
  readonly id: number;
  readonly chatId: number;
  text: string;
  entities: readonly Entity[];
  buttons: readonly { readonly text: string; readonly callback_data: string }[];
  readonly replyTo: number | undefined;
  readonly file: { readonly name: string; readonly content: string } | undefined;
  /** Each text that it had, the first included. */
  readonly versions: string[];
}

type Params = Record<string, unknown>;

export class BotApiServer implements AsyncDisposable {
  readonly token = "7000000001:AAtest-0123456789abcdefghijklmnopqrs";
  /** Whoever the bot listens to, in the tests. */
  readonly admin = 4242;
  readonly messages: BotMessage[] = [];
  readonly calls: { readonly method: string; readonly params: Params }[] = [];
  readonly answers: { readonly id: string; readonly text: string | undefined }[] = [];
  isRevoked = false;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #faults: {
    readonly method: string;
    readonly fault: BotFault;
    readonly isMeant: (params: Params) => boolean;
  }[] = [];
  #updates: ({ readonly update_id: number } & Params)[] = [];
  #nextUpdate = 1000;
  #nextMessage = 1;
  #poller: { readonly settle: (status: number, answer: object) => void; readonly look: () => void } | undefined;

  static async start(): Promise<BotApiServer> {
    const bot = new BotApiServer();
    await new Promise<void>((resolve) => bot.#server.listen(0, "127.0.0.1", resolve));
    return bot;
  }

  get environment(): Readonly<Record<string, string>> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      TELEGRAM_BOT_TOKEN: this.token,
      ADMIN_TELEGRAM_ID: `${this.admin}, 4343`,
      TELEGRAM_API_ROOT: `http://127.0.0.1:${port}/`,
    };
  }

  /** Updates that were not confirmed yet. */
  get pending(): number {
    return this.#updates.length;
  }

  /** A user writes to the bot. Returns the message's id. */
  write(text: string | undefined, more: { chatId?: number; userId?: number } & Params = {}): number {
    const { chatId = this.admin, userId = this.admin, ...rest } = more;
    const message_id = this.#nextMessage++;
    const from = { id: userId, is_bot: false, first_name: "Somebody" };
    const chat = { id: chatId, type: chatId < 0 ? "group" : "private" };
    const date = Math.floor(Date.now() / 1000);
    this.update({ message: { message_id, from, chat, date, ...(text !== undefined && { text }), ...rest } });
    return message_id;
  }

  press(message: BotMessage, label: string, userId = this.admin): void {
    const pressed = message.buttons.find(({ text }) => text.includes(label));
    if (!pressed) throw new Error(`no button "${label}" below: ${message.text}`);
    const from = { id: userId, is_bot: false, first_name: "Somebody" };
    const below = { message_id: message.id, date: 1, chat: { id: message.chatId, type: "private" } };
    const id = `query-${this.#nextUpdate}`;
    this.update({ callback_query: { id, from, message: below, chat_instance: "x", data: pressed.callback_data } });
  }

  update(content: Params): void {
    this.#updates.push({ update_id: this.#nextUpdate++, ...content });
    this.#poller?.look();
  }

  /** The next call of that method that is meant goes wrong. */
  fail(method: string, fault: BotFault, isMeant: (params: Params) => boolean = () => true): void {
    this.#faults.push({ method, fault, isMeant });
  }

  /** Messages in a chat whose text, as it is now, has these words. */
  find(words: string | RegExp, chatId = this.admin): BotMessage[] {
    const has = (text: string) => (typeof words === "string" ? text.includes(words) : words.test(text));
    return this.messages.filter((message) => message.chatId === chatId && has(message.text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    const params = await readParams(request).catch(() => undefined);
    if (params === undefined) return;
    const settle = (status: number, answer: object) => {
      if (response.writableEnded) return;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    };
    const refuse = (status: number, description: string, parameters?: object) =>
      settle(status, { ok: false, error_code: status, description, ...(parameters && { parameters }) });
    if (token !== this.token || this.isRevoked) return refuse(401, "Unauthorized");
    this.calls.push({ method, params });
    const fault = this.#takeFault(method, params);
    if (fault === "cut") return void request.socket.destroy();
    if (typeof fault === "object") {
      const { status, retryAfter } = fault;
      if (retryAfter === undefined) return refuse(status, status === 500 ? "Internal Server Error" : "Bad Request: no");
      return refuse(status, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
    }
    if (method === "getUpdates" && fault === undefined) return this.#poll(params, settle, response);
    const result = this.#act(method, params);
    if (fault === "cut-after") return void request.socket.destroy();
    if (fault === "hold") return;
    if (typeof result === "string") return refuse(400, `Bad Request: ${result}`);
    settle(200, { ok: true, result });
  }

  #takeFault(method: string, params: Params): BotFault | undefined {
    const place = this.#faults.findIndex((fault) => fault.method === method && fault.isMeant(params));
    return place === -1 ? undefined : this.#faults.splice(place, 1)[0]?.fault;
  }

  #poll(
    { offset, timeout = 0 }: Params,
    settle: (status: number, answer: object) => void,
    response: ServerResponse,
  ): void {
    this.#poller?.settle(409, {
      ok: false,
      error_code: 409,
      description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    });
    if (typeof offset === "number") this.#updates = this.#updates.filter(({ update_id: id }) => id >= offset);
    const end = (status: number, answer: object) => {
      clearTimeout(timer);
      if (this.#poller === poller) this.#poller = undefined;
      settle(status, answer);
    };
    const give = () => end(200, { ok: true, result: this.#updates.slice(0, 100) });
    const timer = setTimeout(give, Number(timeout) * 1000);
    const poller = { settle: end, look: give };
    response.on("close", () => {
      clearTimeout(timer);
      if (this.#poller === poller) this.#poller = undefined;
    });
    this.#poller = poller;
    if (this.#updates.length > 0) give();
  }

  /** A text is why it is refused. */
  #act(method: string, params: Params): unknown {
    switch (method) {
      case "getMe":
        return { id: Number(this.token.split(":")[0]), is_bot: true, first_name: "Orch", username: "orch_test_bot" };
      case "setMyCommands":
        return true;
      case "answerCallbackQuery":
        this.answers.push({ id: String(params.callback_query_id), text: params.text as string | undefined });
        return true;
      case "sendMessage":
        return textProblem(params) ?? this.#add(params, String(params.text), undefined);
      case "sendDocument":
        return this.#add(params, String(params.caption ?? ""), params.file as BotMessage["file"]);
      case "editMessageText":
        return textProblem(params) ?? this.#edit(params);
      default:
        return `there is no method ${method}`;
    }
  }

  #add(params: Params, text: string, file: BotMessage["file"]) {
    const reply = params.reply_parameters as { message_id: number } | undefined;
    const id = this.#nextMessage++;
    const chatId = Number(params.chat_id);
    this.messages.push({ id, chatId, text, ...formOf(params), replyTo: reply?.message_id, file, versions: [text] });
    return { message_id: id, date: 1, chat: { id: chatId, type: "private" }, text };
  }

  #edit(params: Params) {
    const message = this.messages.find(({ id }) => id === params.message_id);
    if (!message) return "message to edit not found";
    const form = formOf(params);
    const text = String(params.text);
    const before = JSON.stringify([message.text, message.entities, message.buttons]);
    if (before === JSON.stringify([text, form.entities, form.buttons])) return "message is not modified";
    Object.assign(message, form, { text });
    message.versions.push(text);
    return { message_id: message.id, date: 1, chat: { id: message.chatId, type: "private" }, text };
  }
}

function formOf(params: Params): Pick<BotMessage, "entities" | "buttons"> {
  const markup = params.reply_markup as { inline_keyboard?: BotMessage["buttons"][] } | undefined;
  return { entities: (params.entities as Entity[]) ?? [], buttons: markup?.inline_keyboard?.flat() ?? [] };
}

function textProblem({ text, entities = [], parse_mode }: Params): string | undefined {
  if (typeof text !== "string" || text.trim() === "") return "message text is empty";
  if (text.length > 4096) return "message is too long";
  if (parse_mode !== undefined) return "the tests want no parse mode: everything would have to be escaped";
  const isOff = ({ offset, length }: Entity) => length < 1 || offset + length > text.length;
  return (entities as Entity[]).some(isOff) ? "an entity is out of bounds" : undefined;
}

async function readParams(request: IncomingMessage): Promise<Params> {
  const body = await buffer(request);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/")) return body.length === 0 ? {} : (JSON.parse(body.toString()) as Params);
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  const params: Params = {};
  for (const [name, value] of form) {
    if (typeof value === "string") params[name] = /^[[{]/.test(value) ? JSON.parse(value) : value;
    else params.file = { name: value.name, content: await value.text() };
  }
  return params;
}
