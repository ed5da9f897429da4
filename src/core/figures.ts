/** Numbers for a person: changes, tokens, times. */

import type { DiffStat } from "./coding.ts";
import type { TokenUsage } from "./usage.ts";

/** `3 files, +10 −2` */
export function formatStat({ files, insertions, deletions }: DiffStat): string {
  return `${count(files, "file")}, +${grouped(insertions)} −${grouped(deletions)}`;
}

/** `12,300 in (3,000 cached), 2,100 out (800 reasoning)` */
export function formatUsage(usage: TokenUsage): string {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens } = usage;
  const cached = cachedInputTokens > 0 ? ` (${grouped(cachedInputTokens)} cached)` : "";
  const reasoning = reasoningOutputTokens > 0 ? ` (${grouped(reasoningOutputTokens)} reasoning)` : "";
  return `${grouped(inputTokens)} in${cached}, ${grouped(outputTokens)} out${reasoning}`;
}

/** `1 file`, `3 files` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(number)} ${number === 1 ? noun : plural}`;
}

/** `2030-01-31 09:05`, in the zone of this machine. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2030-01-31 09:05:07`, in the zone of this machine. */
export function formatSeconds(ms: number): string {
  return `${formatTime(ms)}:${String(new Date(ms).getSeconds()).padStart(2, "0")}`;
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
