/** Numbers and times as the pages write them. All with a fixed form, so that columns stay in line. */

import type { CostView, UsageView } from "../../../src/core/protocol/common.ts";

// Made once: `toLocaleString` makes one for each call, which shows in a list that streams.
const NUMBER = new Intl.NumberFormat("en-US");
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** `0.4s` is noise in a list: `4s`, `3m 12s`, `2h 05m`, `3d 4h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** With the parts below a second: `120ms`, `4.2s`, then as `duration`. */
export function preciseDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}s`;
  return duration(ms);
}

/** `just now`, `4 min ago`, `yesterday`, then the date. */
export function ago(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return new Date(time).toLocaleDateString(undefined, { day: "numeric", month: "short", year: yearIfOther(time, now) });
}

/** Without the year while it is this one. */
function yearIfOther(time: number, now: number): "numeric" | undefined {
  return new Date(time).getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
}

/** `14:05:09` */
export function clock(time: number): string {
  return CLOCK.format(time);
}

/** `14:05:09.412` */
export function preciseClock(time: number): string {
  return `${clock(time)}.${String(Math.floor(time % 1000)).padStart(3, "0")}`;
}

/** `22 Nov 2026, 14:05:09`: for titles. */
export function fullTime(time: number): string {
  const date = new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  return `${date}, ${clock(time)}`;
}

/** `1,234` */
export function count(number: number): string {
  return NUMBER.format(number);
}

/** `950`, `12.4k`, `3.1M` */
export function short(number: number): string {
  if (number < 1000) return String(number);
  if (number < 999_500) return `${(number / 1000).toFixed(number < 99_950 ? 1 : 0)}k`;
  return `${(number / 1_000_000).toFixed(1)}M`;
}

/** All that was paid for: what went in and what came out. */
export function tokens(usage: UsageView): number {
  return usage.inputTokens + usage.outputTokens;
}

/** `12,400 in (8,000 cached), 1,200 out (300 reasoning)` */
export function tokensInWords({
  inputTokens,
  cachedInputTokens,
  outputTokens,
  reasoningOutputTokens,
}: UsageView): string {
  return `${count(inputTokens)} in (${count(cachedInputTokens)} cached), ${count(outputTokens)} out (${count(reasoningOutputTokens)} reasoning)`;
}

const MONEY = new Map<string, Intl.NumberFormat>();

/** `$0.42`, `€1,204.50`, `<$0.01`. */
export function money({ amount, currency }: CostView): string {
  const format = MONEY.get(currency) ?? new Intl.NumberFormat("en-US", { style: "currency", currency });
  MONEY.set(currency, format);
  return amount > 0 && amount < 0.01 ? `<${format.format(0.01)}` : format.format(amount);
}

/** Whether there is an amount to show: prices are set, and not all that was used is without one. */
export function isPriced(cost: CostView | null): cost is CostView {
  return cost !== null && (cost.amount > 0 || cost.unpriced.length === 0);
}

/** In a column: money if there are prices, else tokens. */
export function spent(usage: UsageView, cost: CostView | null): string {
  if (!isPriced(cost)) return short(tokens(usage));
  return `${money(cost)}${cost.unpriced.length > 0 ? "+" : ""}`;
}

/** All of it, for titles. */
export function spentInWords(usage: UsageView, cost: CostView | null): string {
  const inTokens = `${tokensInWords(usage)} tokens`;
  if (cost === null) return inTokens;
  const without = cost.unpriced.length > 0 ? `; no price is set for ${cost.unpriced.join(", ")}` : "";
  return `${isPriced(cost) ? `${money(cost)}: ` : ""}${inTokens}${without}`;
}

/** `1 subtask`, `3 subtasks` */
export function many(number: number, noun: string, plural = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : plural}`;
}

/** The first eight signs of a commit. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 8);
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
