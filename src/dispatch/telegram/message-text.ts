/**
 * A message made of our own words and of others'. No markup is used, so nothing has to be escaped: what a model, an agent
 * or a user wrote stands in it as code, by its place and length. So Telegram makes no links, mentions or commands of it.
 */

import type { MessageEntity } from "grammy/types";
import { printableText } from "../../core/ids.ts";
import type { Redact } from "../../core/redact.ts";

/** Telegram's limit, in UTF-16 units like a string's length. */
export const LONGEST_MESSAGE = 4096;

type Style = "bold" | "code" | "pre";

export class MessageText {
  readonly #redact: Redact;
  #text = "";
  #entities: MessageEntity[] = [];

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** Our own words. */
  say(words: string): this {
    return this.#add(words);
  }

  strong(words: string): this {
    return this.#add(words, "bold");
  }

  /** Somebody else's, on one line. */
  quote(words: string, longest = 300): this {
    return this.#add(printableText(this.#redact(words).replace(/\s+/g, " ").trim(), longest), "code");
  }

  /** Somebody else's, as they are. @param language for Telegram to colour them by */
  block(words: string, language?: string): this {
    return this.#add(printableText(this.#redact(words)), "pre", language);
  }

  line(): this {
    return this.#add("\n");
  }

  get length(): number {
    return this.#text.length;
  }

  /** Cut to what a message can hold. */
  toMessage(): { readonly text: string; readonly entities: readonly MessageEntity[] } {
    const isLong = this.#text.length > LONGEST_MESSAGE;
    const text = (isLong ? `${this.#text.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…` : this.#text).trimEnd();
    const entities = this.#entities.flatMap((entity) => {
      const length = Math.min(entity.length, text.length - entity.offset);
      return length > 0 ? [{ ...entity, length }] : [];
    });
    return { text, entities };
  }

  #add(words: string, type?: Style, language?: string): this {
    if (words === "") return this;
    const place = { offset: this.#text.length, length: words.length };
    if (type === "pre") this.#entities.push({ type, ...place, ...(language !== undefined && { language }) });
    else if (type) this.#entities.push({ type, ...place });
    this.#text += words;
    return this;
  }
}
