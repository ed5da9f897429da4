/**
 * How long a store that is busy is waited for. Another process may hold a database for seconds (a backup, a long
 * transaction): that is no reason to end a job. The store itself waits for a moment only, because nothing else of this
 * process happens meanwhile; the rest is waited here, with pauses in which the event loop is free.
 */

import type { Clock } from "../core/clock.ts";
import { OrchError } from "../core/errors.ts";

/** The pause between two tries. */
export const BUSY_PAUSE_MS = 250;

/** What stays busy for longer fails: by then a lease has run out, too. */
export const BUSY_PATIENCE_MS = 30_000;

/** Whether the store said that it may only be tried again; nothing was written then. */
export function isBusy(error: unknown): boolean {
  return error instanceof OrchError && error.code === "database-busy";
}

export class Patience {
  readonly #clock: Clock;
  #since: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether what has failed with this error is to be tried again after a pause. */
  allows(error: unknown): boolean {
    if (!isBusy(error)) return false;
    const now = this.#clock.now();
    this.#since ??= now;
    return now - this.#since < BUSY_PATIENCE_MS;
  }

  pause(): Promise<void> {
    return new Promise((resolve) => void this.#clock.setTimer(resolve, BUSY_PAUSE_MS));
  }

  /** It was not busy any more. */
  reset(): void {
    this.#since = undefined;
  }
}

/** Does something with the store, again and again while it is busy. Throws what it throws. */
export async function patiently<Result>(clock: Clock, act: () => Result): Promise<Result> {
  const patience = new Patience(clock);
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (!patience.allows(error)) throw error;
      await patience.pause();
    }
  }
}
