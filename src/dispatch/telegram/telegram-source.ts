/**
 * Takes messages of a Telegram bot as tasks. An update is behind us only when what it says is on disk: Telegram is told so
 * with the next question for updates, so that one that a killed process had at hand comes again.
 */

import { setTimeout as pause } from "node:timers/promises";
import type { Update } from "grammy/types";
import { InputFile } from "grammy/web";
import { errorMessage, OrchError } from "../../core/errors.ts";
import type { Redact } from "../../core/redact.ts";
import type { Store } from "../../store/store.ts";
import type { SourceEvent } from "../dispatch-event.ts";
import { eventError } from "../event-error.ts";
import { taskJobId } from "../task-job-id.ts";
import type { Task, TaskSource } from "../task-source.ts";
import { type BotApi, type BotCall, backoff, POLL_SECONDS } from "./bot-api.ts";
import { addHint } from "./hint.ts";
import { joinParts, mayGoOn } from "./long-messages.ts";
import { MessageText } from "./message-text.ts";
import { type Incoming, readUpdate } from "./read-update.ts";
import type { Remote, RemoteAnswer } from "./remote.ts";
import { COMMANDS } from "./remote-words.ts";
import type { TelegramNotes } from "./telegram-notes.ts";

type Report = (event: SourceEvent) => void;
type Of<Type extends Incoming["type"]> = Extract<Incoming, { type: Type }>;

/** How long the rest of a message that was too long for one is waited for. */
const REST_MS = 1000;
/** Somebody else takes the bot's messages: asking often would only take them away in turn. */
const CONFLICT_MS = 5000;
/** An answer to a command that cannot be sent for so long is given up: the command has had its effect. */
const ANSWER_MS = 60_000;
/** After a week of silence Telegram begins anew at any number: only one just below is one that we had. */
const KNOWN_UPDATES = 10_000;
/** Each stranger's first messages are told, then one in a hundred. */
const TOLD = 5;

export interface TelegramSourceOptions {
  readonly name: string;
  readonly api: BotApi;
  readonly admins: readonly number[];
  readonly notes: TelegramNotes;
  readonly store: Store;
  readonly remote: Remote;
  readonly redact: Redact;
}

export class TelegramSource implements TaskSource {
  readonly name: string;
  readonly takesAhead = true;
  readonly #options: TelegramSourceOptions;
  #botName: string | undefined;
  #offset: number | undefined;
  #updates: Update[] = [];
  readonly #strangers = new Map<string, number>();
  /** The trouble that was told last: the same is not told again. */
  #trouble: string | undefined;

  constructor(options: TelegramSourceOptions) {
    this.#options = options;
    this.name = options.name;
  }

  async next(signal: AbortSignal, report: Report): Promise<Task | null> {
    await this.#introduce(signal, report);
    while (!signal.aborted) {
      const updates = await this.#nextUpdates(signal, report);
      const task = updates.length > 0 ? await this.#take(updates, signal, report) : null;
      if (task) return task;
    }
    return null;
  }

  /** Asks Telegram who we are, until it answers; and tells it what can be said to us. */
  async #introduce(signal: AbortSignal, report: Report): Promise<void> {
    if (this.#botName !== undefined) return;
    const { api, admins } = this.#options;
    const onTrouble = (error: OrchError) => this.#tell(error, report);
    const me = await api.insist((bot, stop) => bot.getMe(stop), { signal, onTrouble });
    this.#botName = me.username;
    this.#trouble = undefined;
    await api.call((bot, stop) => bot.setMyCommands(COMMANDS, {}, stop), signal).catch(() => {});
    report({
      type: "source.ready",
      source: this.name,
      note: `listens as @${me.username} to ${admins.length === 1 ? "user" : "users"} ${admins.join(", ")}`,
    });
  }

  /** The next update that was not taken yet; several if they are one long message. Empty if there is none now. */
  async #nextUpdates(signal: AbortSignal, report: Report): Promise<Update[]> {
    if (this.#updates.length === 0) await this.#poll(POLL_SECONDS, signal, report);
    for (let known = 0; mayGoOn(this.#updates) && this.#updates.length > known; ) {
      known = this.#updates.length;
      await pause(REST_MS, undefined, { signal });
      this.#offset = this.#updates[0]?.update_id;
      await this.#poll(0, signal, report);
    }
    return joinParts(this.#updates);
  }

  async #poll(timeout: number, signal: AbortSignal, report: Report): Promise<void> {
    const { api, notes } = this.#options;
    const last = notes.lastUpdate;
    this.#offset ??= last === undefined ? undefined : last + 1;
    for (let failures = 0; ; failures += 1) {
      try {
        const updates = await api.call(
          (bot, stop) =>
            bot.getUpdates(
              {
                timeout,
                allowed_updates: ["message", "edited_message", "callback_query"],
                ...(this.#offset !== undefined && { offset: this.#offset }),
              },
              stop,
            ),
          signal,
        );
        this.#trouble = undefined;
        this.#updates = updates.filter(({ update_id: id }) => !isKnown(id, last));
        // All of them are known: Telegram is told so with the next question.
        const newest = updates.at(-1)?.update_id;
        if (this.#updates.length === 0 && newest !== undefined) this.#offset = newest + 1;
        return;
      } catch (error) {
        if (!(error instanceof OrchError) || error.code === "telegram-unauthorized") throw error;
        this.#tell(error, report);
        const isConflict = error.code === "telegram-conflict";
        await pause(isConflict ? CONFLICT_MS : (error.retryAfterMs ?? backoff(failures)), undefined, { signal });
      }
    }
  }

  async #take(updates: readonly Update[], signal: AbortSignal, report: Report): Promise<Task | null> {
    const [first] = updates;
    const last = updates.at(-1);
    if (!first || !last) return null;
    const parts = updates.map((update) => this.#read(update, report));
    const [incoming] = parts;
    const confirm = () => this.#confirm(last.update_id, updates.length);
    if (incoming?.type === "task") {
      const text = parts.map((part) => (part.type === "task" ? part.text : "")).join("\n");
      return this.#toTask({ ...incoming, text }, confirm, signal);
    }
    const answer = incoming ? await this.#answer(incoming, first.update_id, signal, report) : undefined;
    const wake = answer?.wake;
    if (wake === undefined) {
      await confirm();
      return null;
    }
    const isOurs = this.#options.store.getJob(wake)?.labels.source === this.name;
    return {
      jobId: wake,
      description: null,
      onTaken: async () => {
        if (isOurs) await this.#options.notes.owe(wake);
        await confirm();
      },
      onRefused: confirm,
    };
  }

  /** One that is like none that we know must not stand in the way of all others. */
  #read(update: Update, report: Report): Incoming {
    try {
      return readUpdate(update, { admins: this.#options.admins, botName: this.#botName });
    } catch (error) {
      report({ type: "source.trouble", source: this.name, error: eventError(error) });
      return { type: "nothing" };
    }
  }

  #toTask(incoming: Of<"task">, confirm: () => Promise<void>, signal: AbortSignal): Task {
    const { chatId, messageId, text, hasMedia } = incoming;
    const { notes, redact } = this.#options;
    const chat = chatId < 0 ? `g${-chatId}` : String(chatId);
    const jobId = taskJobId(this.name, `${chat}-${messageId}`);
    return {
      jobId,
      description: text,
      labels: { chat: String(chatId), message: String(messageId) },
      onTaken: async () => {
        await notes.owe(jobId);
        if (hasMedia)
          await this.#say(incoming, "The task is taken; what came with it is not: agents get the text only.", signal);
        await confirm();
      },
      onRefused: async (error) => {
        const said = new MessageText(redact).strong("❌ not taken").say(": ").quote(errorMessage(error), 600);
        addHint(said, error instanceof OrchError ? error.hint : undefined);
        await this.#send(incoming, { text: said }, signal);
        await confirm();
      },
    };
  }

  /** Does what is no task. The effect comes first, then the answer; what is done twice has its effect once. */
  async #answer(
    incoming: Incoming,
    updateId: number,
    signal: AbortSignal,
    report: Report,
  ): Promise<RemoteAnswer | undefined> {
    const { remote } = this.#options;
    const id = `${this.name}-u${updateId}`;
    switch (incoming.type) {
      case "stranger":
        this.#ignore(incoming.reason, report);
        return undefined;
      case "command": {
        const answer = await remote.command(incoming.chatId, incoming.name, incoming.words, id);
        await this.#send(incoming, answer, signal);
        return answer;
      }
      case "button": {
        const answer = await remote.press(incoming.data, id);
        await this.#sendPressed(incoming, answer, signal);
        return answer;
      }
      case "no-text":
        await this.#say(incoming, "I work on texts: write what is to be done as a message.", signal);
        return undefined;
      case "edited":
        await this.#say(
          incoming,
          "What you edit changes nothing: a task is taken as it was sent. /cancel it, and send it anew.",
          signal,
        );
        return undefined;
      default:
        return undefined;
    }
  }

  #say(to: Of<"task" | "no-text" | "edited">, words: string, signal: AbortSignal): Promise<void> {
    return this.#send(to, { text: new MessageText(this.#options.redact).say(words) }, signal);
  }

  async #send(
    { chatId, messageId }: { readonly chatId: number; readonly messageId?: number },
    { text, buttons = [], file }: RemoteAnswer,
    signal: AbortSignal,
  ): Promise<void> {
    const { text: words, entities } = text.toMessage();
    const common = {
      ...(messageId !== undefined && {
        reply_parameters: { message_id: messageId, allow_sending_without_reply: true },
      }),
      ...(buttons.length > 0 && { reply_markup: { inline_keyboard: [buttons] } }),
    };
    await this.#insist((api, stop) => {
      if (!file) {
        const content = { ...common, entities: [...entities], link_preview_options: { is_disabled: true } };
        return api.sendMessage(chatId, words, content, stop);
      }
      const document = new InputFile(new TextEncoder().encode(file.content), file.name);
      return api.sendDocument(chatId, document, { ...common, caption: words, caption_entities: [...entities] }, stop);
    }, signal);
  }

  /** The words that pop up where a button was pressed; what they have no room for is a message. */
  async #sendPressed({ queryId, chatId }: Of<"button">, answer: RemoteAnswer, signal: AbortSignal): Promise<void> {
    const { text } = answer.text.toMessage();
    const isShort = text.length <= 190 && !answer.file;
    // One that was pressed long ago takes no answer any more.
    await this.#insist((api, stop) => api.answerCallbackQuery(queryId, isShort ? { text } : {}, stop), signal);
    if (!isShort) await this.#send({ chatId }, answer, signal);
  }

  /** What Telegram refuses for good (the chat is gone, the bot was blocked) is no trouble of the dispatcher. */
  async #insist(make: BotCall<unknown>, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.api.insist(make, { signal, patienceMs: ANSWER_MS });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof OrchError) || error.code === "telegram-unauthorized") throw error;
    }
  }

  async #confirm(updateId: number, count: number): Promise<void> {
    await this.#options.notes.setLastUpdate(updateId);
    this.#offset = updateId + 1;
    this.#updates = this.#updates.slice(count);
  }

  #ignore(reason: string, report: Report): void {
    const times = (this.#strangers.get(reason) ?? 0) + 1;
    this.#strangers.set(reason, times);
    if (this.#strangers.size > 1000) this.#strangers.clear();
    if (times > TOLD && times % 100 !== 0) return;
    report({ type: "source.ignored", source: this.name, reason: times > TOLD ? `${reason} (${times} times)` : reason });
  }

  #tell(error: OrchError, report: Report): void {
    if (this.#trouble === error.code) return;
    this.#trouble = error.code;
    report({ type: "source.trouble", source: this.name, error: eventError(error) });
  }
}

function isKnown(id: number, last: number | undefined): boolean {
  return last !== undefined && id <= last && id > last - KNOWN_UPDATES;
}
