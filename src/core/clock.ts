/** Time as a dependency: the engine never reads the system's clock itself, so that tests need not sleep. */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now or later. Returns what undoes it. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

/** Node cannot wait longer than this in one timer; a longer wait is made of several. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    let handle: NodeJS.Timeout;
    const wait = (remaining: number) => {
      const step = Math.min(remaining, LONGEST_TIMEOUT_MS);
      handle = setTimeout(() => (remaining > step ? wait(remaining - step) : callback()), step);
    };
    wait(Math.max(0, delayMs));
    return () => clearTimeout(handle);
  },
};

/** A clock that stands still until told to move: for tests and for replay. */
export class ManualClock implements Clock {
  #now: number;
  #sequence = 0;
  readonly #timers = new Map<number, { readonly dueAt: number; readonly callback: () => void }>();

  constructor(now = Date.UTC(2030, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const id = this.#sequence++;
    this.#timers.set(id, { dueAt: this.#now + Math.max(0, delayMs), callback });
    return () => this.#timers.delete(id);
  }

  /** Moves time forward by `ms`, firing each timer at its own moment, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers]
        .filter(([, timer]) => timer.dueAt <= end)
        .sort((a, b) => a[1].dueAt - b[1].dueAt)[0];
      if (!next) break;
      this.#timers.delete(next[0]);
      this.#now = Math.max(this.#now, next[1].dueAt);
      next[1].callback();
    }
    this.#now = end;
  }
}
