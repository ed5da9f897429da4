/**
 * Tells each chat about its jobs: one message that is changed as a job goes on, and one that says how it ended. What is on
 * disk about them (telegram-notes.ts) says what was sent: after a crash nothing is said twice, and no end is forgotten.
 */

import { setTimeout as pause } from "node:timers/promises";
import type { InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import type { PricesOf } from "../../core/cost.ts";
import { OrchError } from "../../core/errors.ts";
import type { Redact } from "../../core/redact.ts";
import { viewJob } from "../../jobs/job-view.ts";
import { findJob } from "../../jobs/jobs.ts";
import type { Store } from "../../store/store.ts";
import type { DispatchEvent, SourceEvent } from "../dispatch-event.ts";
import { eventError } from "../event-error.ts";
import { standingOf } from "../job-standing.ts";
import type { TaskReporter } from "../task-reporter.ts";
import type { BotApi, BotCall } from "./bot-api.ts";
import { ChatLane } from "./chat-lane.ts";
import { answerText, type JobMessage } from "./job-message.ts";
import { MessageText } from "./message-text.ts";
import type { TelegramNotes } from "./telegram-notes.ts";

/** How long the last words may take when the dispatcher ends. What is not said by then is said after the next start. */
const LAST_WORDS_MS = 10_000;

/** Where a job's task came from. */
interface Address {
  readonly chatId: number;
  readonly messageId: number;
}

export interface TelegramReporterOptions {
  /** Name of the source whose jobs it tells of. */
  readonly name: string;
  readonly api: BotApi;
  readonly store: Store;
  readonly notes: TelegramNotes;
  readonly pricesOf: PricesOf;
  readonly redact: Redact;
  readonly followed: Set<string>;
  readonly show: (jobId: string) => JobMessage;
  /** Told what does not work. */
  readonly report: (event: SourceEvent) => void;
}

export class TelegramReporter implements TaskReporter {
  readonly name: string;
  readonly #options: TelegramReporterOptions;
  readonly #addresses = new Map<string, Address | null>();
  readonly #lanes = new Map<number, ChatLane>();
  readonly #sent = new Map<string, string>();
  /** Why the work on a job broke off. */
  readonly #brokeOff = new Map<string, string>();
  readonly #end = new AbortController();

  constructor(options: TelegramReporterOptions) {
    this.#options = options;
    this.name = options.name;
  }

  report(event: DispatchEvent): void {
    const { followed } = this.#options;
    if (event.type === "dispatcher.started") this.#takeUpOwed();
    if (event.type === "dispatcher.stopped") {
      const left = [...followed];
      followed.clear();
      for (const jobId of left) this.#lane(jobId)?.change(jobId);
      return;
    }
    if (!("jobId" in event)) return;
    const { jobId } = event;
    switch (event.type) {
      case "task.taken":
      case "task.known":
        followed.add(jobId);
        break;
      case "task.broke-off":
        this.#brokeOff.set(jobId, event.error.message);
        followed.delete(jobId);
        this.#lane(jobId)?.end(jobId);
        return;
      case "task.finished":
        followed.delete(jobId);
        this.#lane(jobId)?.end(jobId);
        return;
      default:
        break;
    }
    this.#lane(jobId)?.change(jobId);
  }

  async close(): Promise<void> {
    const spoken = Promise.all([...this.#lanes.values()].map((lane) => lane.finish()));
    const late = new AbortController();
    await Promise.race([spoken, pause(LAST_WORDS_MS, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    this.#end.abort();
  }

  /** What was not said before the last dispatcher ended. */
  #takeUpOwed(): void {
    const { notes, store } = this.#options;
    for (const jobId of notes.owed()) {
      const job = store.getJob(jobId);
      const lane = job && this.#lane(jobId);
      if (!lane) continue;
      if (standingOf(store, job, Date.now()) === "over") lane.end(jobId);
      else lane.change(jobId);
    }
  }

  /** Null for a job that is none of this bot's. */
  #lane(jobId: string): ChatLane | null {
    const address = this.#address(jobId);
    if (!address) return null;
    const known = this.#lanes.get(address.chatId);
    if (known) return known;
    const { name, report } = this.#options;
    const failed = (error: unknown) => report({ type: "source.trouble", source: name, error: eventError(error) });
    const talk = {
      show: (id: string) => this.#show(id),
      conclude: (id: string) => this.#conclude(id),
      failed,
    };
    const lane = new ChatLane(talk, this.#end.signal);
    this.#lanes.set(address.chatId, lane);
    return lane;
  }

  #address(jobId: string): Address | null {
    const known = this.#addresses.get(jobId);
    if (known !== undefined) return known;
    const { store, name } = this.#options;
    const job = store.getJob(jobId);
    if (!job) return null;
    const { source, chat, message } = job.labels;
    const address = source === name && chat && message ? { chatId: Number(chat), messageId: Number(message) } : null;
    this.#addresses.set(jobId, address);
    return address;
  }

  /** Sends the job's message, or changes it if it says something else by now. */
  async #show(jobId: string): Promise<boolean> {
    const { notes } = this.#options;
    const address = this.#address(jobId);
    if (!address) return false;
    const shown = this.#options.show(jobId);
    const { text: words, ...rest } = shown.text.toMessage();
    const content = { ...toContent(rest), ...toKeyboard(shown.buttons) };
    const sent = JSON.stringify([words, content]);
    if (this.#sent.get(jobId) === sent) return false;
    const messageId = notes.statusOf(jobId);
    if (messageId !== null) {
      await this.#change(jobId, () =>
        this.#insist((api, signal) => api.editMessageText(address.chatId, messageId, words, content, signal)),
      );
    } else if (await notes.claimStatus(jobId)) {
      const message = await this.#insist((api, signal) =>
        api.sendMessage(address.chatId, words, { ...content, ...replyTo(address) }, signal),
      );
      await notes.setStatus(jobId, message.message_id);
    } else return false;
    this.#sent.set(jobId, sent);
    if (shown.asks !== null) await this.#ask(jobId, address, shown.asks, shown.buttons);
    return true;
  }

  /** A change makes no sound: that a plan waits is said by a message of its own, once for each plan. */
  async #ask(jobId: string, address: Address, plan: number, buttons: JobMessage["buttons"]): Promise<void> {
    if (!(await this.#options.notes.claimQuestion(jobId, plan))) return;
    const words = "❓ The plan waits for your word: /approve, or /reject and what is to be different.";
    const content = { ...toKeyboard(buttons), ...replyTo(address) };
    await this.#insist((api, signal) => api.sendMessage(address.chatId, words, content, signal));
  }

  /** A message that cannot be changed any more (somebody deleted it) is given up. */
  async #change(jobId: string, edit: () => Promise<unknown>): Promise<void> {
    try {
      await edit();
    } catch (error) {
      if (!(error instanceof OrchError) || error.code !== "telegram-refused") throw error;
      if (/not modified/i.test(error.message)) return;
      await this.#options.notes.setStatus(jobId, null);
      throw error;
    }
  }

  async #conclude(jobId: string): Promise<void> {
    const { notes, store } = this.#options;
    const address = this.#address(jobId);
    if (!address) return;
    await this.#show(jobId).catch((error: unknown) => {
      if (!(error instanceof OrchError) || error.code !== "telegram-refused") throw error;
    });
    const job = findJob(store, jobId);
    const brokeOff = this.#brokeOff.get(jobId);
    this.#brokeOff.delete(jobId);
    // Whoever stopped it knows.
    if (job.status === "paused") return notes.answered(jobId);
    if (brokeOff === undefined && standingOf(store, job, Date.now()) !== "over") return;
    if (notes.isOwed(jobId) && (await notes.claimAnswer(jobId, job.nextSeq))) {
      const { text: words, ...rest } = this.#answer(jobId, brokeOff).toMessage();
      const content = { ...toContent(rest), ...replyTo(address) };
      await this.#insist((api, signal) => api.sendMessage(address.chatId, words, content, signal));
    }
    await notes.answered(jobId);
    this.#sent.delete(jobId);
  }

  #answer(jobId: string, brokeOff: string | undefined): MessageText {
    const { notes, store, pricesOf, redact, show } = this.#options;
    if (brokeOff !== undefined) {
      const text = new MessageText(redact).strong("⚠️ the work broke off").say(": ").quote(brokeOff, 600);
      return text.line().say("/resume goes on with it");
    }
    // Where no message shows the job, this one says all.
    if (notes.statusOf(jobId) === null) return show(jobId).text;
    return answerText(viewJob(store, findJob(store, jobId), Date.now(), pricesOf), redact);
  }

  #insist<T>(make: BotCall<T>): Promise<T> {
    const { api, report, name } = this.#options;
    const onTrouble = (error: OrchError) => report({ type: "source.trouble", source: name, error: eventError(error) });
    return api.insist(make, { signal: this.#end.signal, onTrouble });
  }
}

function replyTo({ messageId }: Address) {
  return { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } };
}

/** No previews: Telegram would fetch an address that a model wrote. */
function toContent({ entities }: { readonly entities: readonly MessageEntity[] }) {
  return { entities: [...entities], link_preview_options: { is_disabled: true } };
}

function toKeyboard(buttons: JobMessage["buttons"]): { reply_markup: InlineKeyboardMarkup } {
  return { reply_markup: { inline_keyboard: buttons.length > 0 ? [buttons] : [] } };
}
