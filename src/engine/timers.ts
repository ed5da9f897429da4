/** A job's timers as they stand in memory; the rows they stand for are the store's. */

import type { Clock } from "../core/clock.ts";

interface Timer {
  readonly fireAt: number;
  readonly cancel: () => void;
  readonly isRow: boolean;
}

export class Timers {
  readonly #clock: Clock;
  readonly #timers = new Map<string, Map<string, Timer>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Calls back at `fireAt` or, if that has passed, soon. A timer of the same name is replaced.
   *
   * @param isRow whether what it waits for stands in the store
   */
  set(actorId: string, name: string, fireAt: number, callback: () => void, { isRow = true } = {}): void {
    this.cancel(actorId, name);
    const ofActor = this.#timers.get(actorId) ?? new Map<string, Timer>();
    this.#timers.set(actorId, ofActor);
    const cancel = this.#clock.setTimer(() => {
      ofActor.delete(name);
      callback();
    }, fireAt - this.#clock.now());
    ofActor.set(name, { fireAt, cancel, isRow });
  }

  /** When the next one fires; infinity if none is set. */
  next(): number {
    return this.#all().reduce((next, { fireAt }) => Math.min(next, fireAt), Number.POSITIVE_INFINITY);
  }

  /** Whether all of them could be set again from what the store has. */
  areRows(): boolean {
    return this.#all().every(({ isRow }) => isRow);
  }

  cancel(actorId: string, name: string): void {
    const ofActor = this.#timers.get(actorId);
    ofActor?.get(name)?.cancel();
    ofActor?.delete(name);
  }

  cancelWhere(isGone: (actorId: string) => boolean): void {
    for (const [actorId, ofActor] of this.#timers) {
      if (!isGone(actorId)) continue;
      for (const { cancel } of ofActor.values()) cancel();
      this.#timers.delete(actorId);
    }
  }

  #all(): Timer[] {
    return [...this.#timers.values()].flatMap((ofActor) => [...ofActor.values()]);
  }

  clear(): void {
    this.cancelWhere(() => true);
  }
}
