/** A text that is too long for one message comes as several: Telegram's apps cut it. They are one task. Pure. */

import type { Message, Update } from "grammy/types";

/** The apps cut at a line or word end, somewhere in the second half of what a message holds. */
const SHORTEST_PART = 2048;
/** Parts are sent at once: what a person writes after a message of that length takes longer. */
const APART_SECONDS = 2;

/** Whether more of the first message may be on its way. */
export function mayGoOn(updates: readonly Update[]): boolean {
  const parts = joinParts(updates);
  return parts.length === updates.length && isPart(parts.at(-1)?.message);
}

/** The first update with those that go on with its message. */
export function joinParts(updates: readonly Update[]): Update[] {
  const end = updates.findIndex((update, index) => index > 0 && !goesOn(updates[index - 1], update));
  return updates.slice(0, end === -1 ? updates.length : end);
}

function goesOn(before: Update | undefined, update: Update): boolean {
  const [first, next] = [before?.message, update.message];
  return (
    isPart(first) &&
    next?.text !== undefined &&
    !next.text.startsWith("/") &&
    next.chat.id === first.chat.id &&
    next.from?.id === first.from?.id &&
    next.date - first.date <= APART_SECONDS
  );
}

function isPart(message: Message | undefined): message is Message {
  const text = message?.text;
  return text !== undefined && text.length >= SHORTEST_PART && text.length <= 4096 && !text.startsWith("/");
}
