/** The buttons below a message, and what a pressed one says. Pure. */

import type { InlineKeyboardButton } from "grammy/types";

/** Telegram's limit for what a button carries, in bytes. */
const LONGEST_DATA = 64;

const WORDS = {
  approve: "✅ Approve",
  reject: "✏️ Reject",
  stop: "⏸ Stop",
  retry: "🔁 Retry",
  resume: "▶️ Resume",
  cancel: "🚫 Cancel",
  diff: "📄 Diff",
} as const;

export type ButtonName = keyof typeof WORDS;

export interface Pressed {
  readonly name: ButtonName;
  readonly jobId: string;
  /** The history entry of the plan that was shown: another plan may have taken its place. */
  readonly plan: number | null;
}

/** None where the job's id is too long for a button. */
export function button(name: ButtonName, jobId: string, plan: number | null = null): InlineKeyboardButton[] {
  const data = [name, jobId, ...(plan === null ? [] : [plan])].join(":");
  return data.length > LONGEST_DATA ? [] : [{ text: WORDS[name], callback_data: data }];
}

export function readButton(data: string): Pressed | null {
  const [name = "", jobId = "", plan] = data.split(":");
  if (!Object.hasOwn(WORDS, name) || jobId === "") return null;
  return { name: name as ButtonName, jobId, plan: plan !== undefined && /^\d+$/.test(plan) ? Number(plan) : null };
}
