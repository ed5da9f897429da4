/** A job's timers as they stand in memory; the rows they stand for are the store's. */

import type { Clock } from "../core/clock.ts";

export class Timers {
  readonly #clock: Clock;
  readonly #cancel = new Map<string, Map<string, () => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back at `fireAt` or, if that has passed, soon. A timer of the same name is replaced. */
  set(actorId: string, name: string, fireAt: number, callback: () => void): void {
    this.cancel(actorId, name);
    const ofActor = this.#cancel.get(actorId) ?? new Map<string, () => void>();
    this.#cancel.set(actorId, ofActor);
    const cancel = this.#clock.setTimer(() => {
      ofActor.delete(name);
      callback();
    }, fireAt - this.#clock.now());
    ofActor.set(name, cancel);
  }

  cancel(actorId: string, name: string): void {
    const ofActor = this.#cancel.get(actorId);
    ofActor?.get(name)?.();
    ofActor?.delete(name);
  }

  cancelWhere(isGone: (actorId: string) => boolean): void {
    for (const [actorId, ofActor] of this.#cancel) {
      if (!isGone(actorId)) continue;
      for (const cancel of ofActor.values()) cancel();
      this.#cancel.delete(actorId);
    }
  }

  clear(): void {
    this.cancelWhere(() => true);
  }
}
