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
    const cancel = this.#callAt(fireAt, () => {
      ofActor.delete(name);
      callback();
    });
    ofActor.set(name, { fireAt, cancel, isRow });
  }

  /** When the next one fires; infinity if none is set. */
  next(): number {
    return Math.min(...this.#all().map(({ fireAt }) => fireAt));
  }

  /** Whether all of them could be set again from what the store has. */
  areRows(): boolean {
    return this.#all().every(({ isRow }) => isRow);
  }

  #callAt(fireAt: number, callback: () => void): () => void {
    const delay = fireAt - this.#clock.now();
    if (delay > 0) return this.#clock.setTimer(callback, delay);
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
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
