/** What was asked: one record for each request, in memory and as JSON lines, and the question whether a step was paid twice. */

import { appendFileSync, existsSync, readFileSync } from "node:fs";
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
    const rightly = again === "interrupted" || again === "still-running";
    if (!completed || turn === null || step === null || rightly) continue;
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

/** Keeps the records of a server; each change is a line in the log file at once. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #watchers = new Set<(record: RequestRecord) => void>();
  readonly #file: string | undefined;
  readonly #first: number;

  constructor(file: string | undefined) {
    this.#file = file;
    this.#first = file === undefined ? 1 : Math.max(0, ...readRequestLog(file).map(({ n }) => n)) + 1;
  }

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  add(record: Omit<RequestRecord, "n">): number {
    const n = this.#first + this.#records.length;
    this.#records.push({ n, ...record });
    this.#changed(n);
    return n;
  }

  waitFor(condition: (record: RequestRecord) => boolean): Promise<RequestRecord> {
    return new Promise((resolve) => {
      const look = (record: RequestRecord) => {
        if (!condition(record)) return;
        this.#watchers.delete(look);
        resolve(record);
      };
      this.#watchers.add(look);
      for (const record of this.#records) look(record);
    });
  }

  update(n: number, change: Partial<Omit<RequestRecord, "n">>): void {
    const index = n - this.#first;
    const record = this.#records[index];
    if (!record) throw new RangeError(`there is no request ${n}`);
    this.#records[index] = { ...record, ...change };
    this.#changed(n);
  }

  #changed(n: number): void {
    const record = this.#records[n - this.#first];
    if (!record) throw new RangeError(`there is no request ${n}`);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(record)}\n`);
    for (const look of [...this.#watchers]) look(record);
  }
}
