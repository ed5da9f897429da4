/** What to do next, below what happened. Errors speak to somebody at a terminal: in a chat their commands are of no use. */

import type { MessageText } from "./message-text.ts";

export function addHint(text: MessageText, hint: string | undefined): MessageText {
  if (hint === undefined || /\borch [a-z]/.test(hint)) return text;
  // A hint of ours that names commands of the bot: Telegram makes them ready to be tapped.
  if (/(?:^|\s)\/[a-z]+/.test(hint)) return text.line().say(hint);
  return text.line().quote(hint, 300);
}
