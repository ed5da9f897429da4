/** Keeps what a scripted model was asked: in memory, and at once as a line of a log file that other processes can read. */

import { appendFileSync } from "node:fs";
import { type RequestRecord, readRequestLog } from "./records.ts";

export class RequestLog {
  readonly #records: RequestRecord[] = [];
  readonly #watchers = new Set<(record: RequestRecord) => void>();
  readonly #file: string | undefined;
  readonly #first: number;

  constructor(file: string | undefined) {
    this.#file = file;
    // A file that can't be written is to be known at the start.
    if (file !== undefined) appendFileSync(file, "");
    this.#first = file === undefined ? 1 : Math.max(0, ...readRequestLog(file).map(({ n }) => n)) + 1;
  }

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  add(record: Omit<RequestRecord, "n">): number {
    const n = this.#first + this.#records.length;
    this.#keep({ n, ...record });
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
    const record = this.#records[n - this.#first];
    if (!record) throw new RangeError(`there is no request ${n}`);
    this.#keep({ ...record, ...change });
  }

  #keep(record: RequestRecord): void {
    this.#records[record.n - this.#first] = record;
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(record)}\n`);
    for (const look of [...this.#watchers]) look(record);
  }
}
