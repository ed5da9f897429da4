/** Where `orch logs` reads: a job's log file, or the turns of a subtask's agents. Read again, each gives what is new. */

import { printableText } from "../core/ids.ts";
import { jobPaths } from "../core/job-paths.ts";
import { turnRunsOf } from "../jobs/job-turns.ts";
import { LineReader } from "../services/codex/line-reader.ts";
import { TurnLog } from "../services/codex/turn-log.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { cleanLine } from "./format/clean.ts";

export interface LogSource extends AsyncDisposable {
  readonly whenEmpty: string;
  /** Printable lines that were added since the last call. */
  read(): Promise<string[]>;
}

export class JobLogSource implements LogSource {
  readonly whenEmpty: string;
  readonly #reader: LineReader;

  constructor(repositoryRoot: string, jobId: string) {
    const { log } = jobPaths(repositoryRoot, jobId);
    this.whenEmpty = `job ${jobId} has no log at ${cleanLine(log)}`;
    this.#reader = new LineReader(log);
  }

  async read(): Promise<string[]> {
    const lines: string[] = [];
    await this.#reader.read((line) => lines.push(printableText(line)));
    return lines;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#reader.close();
  }
}

export class TurnsSource implements LogSource {
  readonly whenEmpty: string;
  readonly #store: Store;
  readonly #job: JobRecord;
  readonly #part: string;
  readonly #logs = new Map<string, TurnLog>();

  /** @param part a subtask's id, or `result` */
  constructor(store: Store, job: JobRecord, part: string) {
    this.whenEmpty = `no agent has worked on ${part} of job ${job.id} yet`;
    this.#store = store;
    this.#job = job;
    this.#part = part;
  }

  async read(): Promise<string[]> {
    const lines: string[] = [];
    for (const { events } of turnRunsOf(this.#store, this.#job, this.#part)) {
      const known = this.#logs.get(events);
      const log = known ?? new TurnLog(events);
      if (!known) {
        this.#logs.set(events, log);
        lines.push(`── ${this.#part}, Codex process ${this.#logs.size}: ${cleanLine(events)}`);
      }
      lines.push(...(await log.read()));
    }
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const log of this.#logs.values()) await log.close();
  }
}
