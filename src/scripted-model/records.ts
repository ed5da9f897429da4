/** What was asked of a scripted model: one record for each request, and the question whether a step was paid twice. */

import { existsSync, readFileSync } from "node:fs";
import type { TokenUsage } from "../core/usage.ts";
import type { Choice } from "./choose.ts";
import type { Client } from "./script.ts";

export interface RequestRecord {
  /** 1 for the first request. Goes on where an existing log file ends. */
  readonly n: number;
  /** When it came and when it ended, in milliseconds since the epoch. */
  readonly at: number;
  readonly endedAt: number | null;
  readonly client: Client;
  /** Codex's thread; null for the planner. */
  readonly threadId: string | null;
  /** The thread, or for the planner a hash of the conversation's first user message. */
  readonly conversation: string;
  /** Name of the turn and number of the step (1 for the first); null when the script has no answer. */
  readonly turn: string | null;
  readonly step: number | null;
  /** Hash of the user message that selected the turn: equal when the same words are asked in another thread. */
  readonly promptHash: string | null;
  /** Why a step that the conversation holds already was asked for rightly; null when it holds none. */
  readonly again: Choice["again"];
  /** `pending` while the answer is not out; `refused` when the script has none. */
  readonly outcome: "pending" | "answered" | "refused" | "client-gone" | "server-closed" | `fault:${string}`;
  /** Whether the scripted answer was written whole: then it counts as paid. */
  readonly completed: boolean;
  /** What a completed answer cost. */
  readonly usage: TokenUsage | null;
  /** What was wrong, with `refused`. */
  readonly problem: string | null;
}

export interface AskedAgain {
  readonly conversation: string;
  readonly turn: string;
  readonly step: number;
  /** The requests that were completed for it, two or more. */
  readonly requests: readonly number[];
}

/**
 * The paid steps that were asked again: each turn and step that was completed more than once in one conversation, or,
 * with `acrossThreads`, for the same prompt in whatever thread. A step whose call was interrupted, or whose command still
 * ran, was not done: asking for it again is no waste.
 */
export function askedAgain(
  records: readonly RequestRecord[],
  options: { readonly acrossThreads?: boolean } = {},
): readonly AskedAgain[] {
  const groups = new Map<string, { conversation: string; turn: string; step: number; requests: number[] }>();
  for (const { n, conversation, promptHash, turn, step, completed, again } of records) {
    const wasNotDone = again === "interrupted" || again === "still-running";
    if (!completed || turn === null || step === null || wasNotDone) continue;
    const key = JSON.stringify([options.acrossThreads ? promptHash : conversation, turn, step]);
    const group = groups.get(key) ?? { conversation, turn, step, requests: [] };
    group.requests.push(n);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ requests }) => requests.length > 1);
}

/** The records in a log file: the last line of each request. An unfinished last line is left out. */
export function readRequestLog(path: string): readonly RequestRecord[] {
  if (!existsSync(path)) return [];
  const records = new Map<number, RequestRecord>();
  const lines = readFileSync(path, "utf8").split("\n");
  lines.pop();
  for (const line of lines) {
    const record = JSON.parse(line) as RequestRecord;
    records.set(record.n, record);
  }
  return [...records.values()];
}
