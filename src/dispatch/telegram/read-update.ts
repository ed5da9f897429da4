/** What an update of Telegram means to us. Pure. */

import type { Message, MessageEntity, Update } from "grammy/types";
import { printable } from "../../core/ids.ts";

interface Place {
  readonly chatId: number;
  readonly messageId: number;
  readonly userId: number;
}

export type Incoming =
  /** `hasMedia`: a picture or a file came with it, which no agent gets. */
  | ({ readonly type: "task"; readonly text: string; readonly hasMedia: boolean; readonly date: number } & Place)
  | ({ readonly type: "command"; readonly name: string; readonly words: string } & Place)
  | ({ readonly type: "no-text" } & Place)
  | ({ readonly type: "edited" } & Place)
  | { readonly type: "button"; readonly chatId: number; readonly queryId: string; readonly data: string }
  | { readonly type: "stranger"; readonly reason: string }
  | { readonly type: "nothing" };

export interface Reader {
  readonly admins: readonly number[];
  /** The bot's own, without `@`; unknown before Telegram was reached. */
  readonly botName: string | undefined;
}

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/i;

/** A message of these says that it has something that we cannot take; others (somebody joined) are nothing to us. */
const MEDIA = [
  "animation",
  "audio",
  "document",
  "photo",
  "sticker",
  "video",
  "video_note",
  "voice",
  "contact",
  "dice",
  "location",
  "poll",
  "venue",
] as const satisfies readonly (keyof Message)[];

export function readUpdate(update: Update, reader: Reader): Incoming {
  const { message, edited_message: edited, callback_query: query } = update;
  if (query) {
    if (!reader.admins.includes(query.from.id)) return stranger(query.from.id, "a button was pressed");
    if (!query.message) return { type: "nothing" };
    return { type: "button", chatId: query.message.chat.id, queryId: query.id, data: query.data ?? "" };
  }
  const found = message ?? edited;
  if (!found) return { type: "nothing" };
  const userId = found.sender_chat ? undefined : found.from?.id;
  if (userId === undefined || !reader.admins.includes(userId)) {
    return stranger(userId ?? found.sender_chat?.id ?? 0, `a message in chat ${found.chat.id}`);
  }
  const place = { chatId: found.chat.id, messageId: found.message_id, userId };
  // What is edited by itself all the time (a live location) has no text.
  if (!message) return edited?.text === undefined ? { type: "nothing" } : { type: "edited", ...place };
  return readMessage(message, place, reader.botName);
}

function readMessage(message: Message, place: Place, botName: string | undefined): Incoming {
  const isMedia = MEDIA.some((kind) => message[kind] !== undefined);
  const whole = withAddresses(
    message.text ?? message.caption ?? "",
    message.entities ?? message.caption_entities ?? [],
  );
  const text = withoutMention(whole, botName).trim();
  if (text === "") return isMedia ? { type: "no-text", ...place } : { type: "nothing" };
  const [, name, bot, words = ""] = COMMAND.exec(text) ?? [];
  if (name === undefined) return { type: "task", text, hasMedia: isMedia, date: message.date, ...place };
  if (bot !== undefined && botName !== undefined && bot.toLowerCase() !== botName.toLowerCase()) {
    return { type: "nothing" };
  }
  return { type: "command", name: name.toLowerCase(), words: words.trim(), ...place };
}

/** A link that hides behind words would be lost with them. */
function withAddresses(text: string, entities: readonly MessageEntity[]): string {
  const links = entities.filter((entity) => entity.type === "text_link").sort((a, b) => b.offset - a.offset);
  return links.reduce((rest, { offset, length, url }) => {
    const end = offset + length;
    return `${rest.slice(0, end)} (${url})${rest.slice(end)}`;
  }, text);
}

function withoutMention(text: string, botName: string | undefined): string {
  const mention = `@${botName}`;
  const isMeant = botName !== undefined && text.toLowerCase().startsWith(mention.toLowerCase());
  return isMeant && !/^\w/.test(text.slice(mention.length)) ? text.slice(mention.length) : text;
}

function stranger(id: number, what: string): Incoming {
  return { type: "stranger", reason: `${what}, of ${printable(String(id))}, who is not in ADMIN_TELEGRAM_ID` };
}
