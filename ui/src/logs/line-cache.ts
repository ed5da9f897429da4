/** The lines (or items) of a log that are at hand, in blocks, so that one of 50,000 is neither fetched nor held at once. */

export interface Numbered {
  /** Its place in the log, 0-based. */
  readonly n: number;
}

export const BLOCK = 500;
/** Blocks that are held: the ones that were not asked for longest go first. */
const MOST_BLOCKS = 60;

export class LineCache<Line extends Numbered> {
  readonly #blocks = new Map<number, (Line | undefined)[]>();
  #total = 0;

  /** How many the log had when it was last heard of. */
  get total(): number {
    return this.#total;
  }

  get(n: number): Line | undefined {
    return this.#blocks.get(Math.floor(n / BLOCK))?.[n % BLOCK];
  }

  /** Takes what came. A log that has become shorter was replaced: what was held of it is forgotten. */
  put(lines: readonly Line[], total: number): void {
    if (total < this.#total) this.#blocks.clear();
    this.#total = total;
    for (const line of lines) {
      const number = Math.floor(line.n / BLOCK);
      const block = this.#blocks.get(number) ?? [];
      block[line.n % BLOCK] = line;
      this.#use(number, block);
    }
  }

  /** The first gap among `from` to `to` (without `to`), from its first line on; null if there is none. */
  missing(from: number, to: number): { readonly from: number; readonly limit: number } | null {
    const end = Math.min(to, this.#total);
    for (let n = Math.max(0, from); n < end; n += 1) {
      if (this.get(n)) continue;
      // Whole blocks from here on: whoever scrolls goes on in the same direction.
      const last = Math.min(this.#total, (Math.floor((end - 1) / BLOCK) + 1) * BLOCK);
      let until = n + 1;
      while (until < last && !this.get(until)) until += 1;
      return { from: n, limit: until - n };
    }
    for (let number = Math.floor(from / BLOCK); number * BLOCK < end; number += 1) {
      const block = this.#blocks.get(number);
      if (block) this.#use(number, block);
    }
    return null;
  }

  #use(number: number, block: (Line | undefined)[]): void {
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    if (this.#blocks.size > MOST_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value as number);
  }
}
