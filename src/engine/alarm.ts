/** One timer for all who sleep: it rings at the earliest of their times. */

import type { Clock } from "../core/clock.ts";

export class Alarm<Sleeper> {
  readonly #clock: Clock;
  readonly #wake: (sleeper: Sleeper) => void;
  readonly #times = new Map<Sleeper, number>();
  #next = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, wake: (sleeper: Sleeper) => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** @param at infinity: the alarm does not ring for it */
  set(sleeper: Sleeper, at: number): void {
    if (at === Number.POSITIVE_INFINITY) return;
    this.#times.set(sleeper, at);
    if (at < this.#next) this.#ringAt(at);
  }

  clear(sleeper: Sleeper): void {
    this.#times.delete(sleeper);
    // Any other time is left to the next ring: it may find that it is not due yet.
    if (this.#times.size === 0) this.#ringAt(Number.POSITIVE_INFINITY);
  }

  #ringAt(at: number): void {
    this.#cancel?.();
    this.#next = at;
    this.#cancel =
      at === Number.POSITIVE_INFINITY
        ? undefined
        : this.#clock.setTimer(() => this.#ring(), Math.max(0, at - this.#clock.now()));
  }

  #ring(): void {
    const now = this.#clock.now();
    const due = [...this.#times].filter(([, at]) => at <= now).sort(([, one], [, other]) => one - other);
    for (const [sleeper] of due) this.#times.delete(sleeper);
    this.#ringAt([...this.#times.values()].reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY));
    for (const [sleeper] of due) this.#wake(sleeper);
  }
}
