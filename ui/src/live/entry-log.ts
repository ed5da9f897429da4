/**
 * The history of a job as the page holds it: in columns, with each name and state kept once. A job that runs for an hour
 * at 200 commits a second has 720,000 entries; as objects they would not fit in a tab, so they cost 24 bytes each.
 */

import type { ErrorView } from "../../../src/core/protocol/common.ts";
import type { HistoryEntry } from "../../../src/core/protocol/history.ts";

export class EntryLog {
  #length = 0;
  #at = new Float64Array(1024);
  #columns = new Uint32Array(1024 * 4);
  readonly #actors = new Pool<string>();
  readonly #events = new Pool<string>();
  readonly #states = new Pool<HistoryEntry["state"]>();
  readonly #effects = new Pool<HistoryEntry["effects"]>();
  readonly #errors = new Map<number, ErrorView>();

  /** Number of the first entry of every history. */
  readonly first = 1;

  /** Number of the last entry held; 0 if there is none. Histories begin with 1 and have no gaps. */
  get last(): number {
    return this.#length;
  }

  /**
   * Takes what follows, leaves out what it has.
   *
   * @returns false if something between is missing: nothing is taken then
   */
  append(entries: readonly HistoryEntry[]): boolean {
    const news = entries.filter(({ seq }) => seq > this.last);
    let next = this.last + 1;
    if (news.some(({ seq }) => seq !== next++)) return false;
    this.#grow(this.#length + news.length);
    for (const entry of news) this.#put(entry);
    return true;
  }

  /** Undefined if it is not held. */
  get(seq: number): HistoryEntry | undefined {
    const row = seq - 1;
    if (row < 0 || row >= this.#length) return undefined;
    const cell = (column: number) => this.#columns[row * 4 + column] as number;
    return {
      seq,
      at: this.#at[row] as number,
      actorId: this.#actors.get(cell(0)),
      event: this.#events.get(cell(1)),
      state: this.#states.get(cell(2)),
      effects: this.#effects.get(cell(3)),
      error: this.#errors.get(seq) ?? null,
    };
  }

  timeOf(seq: number): number | undefined {
    return seq < 1 || seq > this.last ? undefined : this.#at[seq - 1];
  }

  actorOf(seq: number): string | undefined {
    return seq < 1 || seq > this.last ? undefined : this.#actors.get(this.#columns[(seq - 1) * 4] as number);
  }

  /** Those with a greater number than `after`, in order. */
  *since(after: number): Generator<HistoryEntry> {
    for (let seq = Math.max(after + 1, 1); seq <= this.last; seq++) yield this.get(seq) as HistoryEntry;
  }

  /** The last entry that was committed at or before a time; undefined if all came later. */
  seqAt(time: number): number | undefined {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : low;
  }

  #put({ seq, at, actorId, event, state, effects, error }: HistoryEntry): void {
    const row = this.#length++;
    this.#at[row] = at;
    this.#columns[row * 4] = this.#actors.add(actorId, actorId);
    this.#columns[row * 4 + 1] = this.#events.add(event, event);
    this.#columns[row * 4 + 2] = this.#states.add(typeof state === "string" ? state : JSON.stringify(state), state);
    this.#columns[row * 4 + 3] = this.#effects.add(effects.length === 0 ? "" : JSON.stringify(effects), effects);
    if (error) this.#errors.set(seq, error);
  }

  #grow(rows: number): void {
    if (rows <= this.#at.length) return;
    const size = Math.max(rows, this.#at.length * 2);
    const at = new Float64Array(size);
    const columns = new Uint32Array(size * 4);
    at.set(this.#at);
    columns.set(this.#columns);
    this.#at = at;
    this.#columns = columns;
  }
}

/** Values by number, equal ones once. */
class Pool<T> {
  readonly #numbers = new Map<string, number>();
  readonly #values: T[] = [];

  add(key: string, value: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  get(number: number): T {
    return this.#values[number] as T;
  }
}
