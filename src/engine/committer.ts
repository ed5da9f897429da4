/**
 * Group commit: the steps that jobs have ready in one turn of the event loop share one transaction, and so one fsync.
 * A step's promise settles after the commit, so nothing that follows from a step starts before it is on disk.
 */

import type { Clock } from "../core/clock.ts";
import type { Step, StepOutcome, Store } from "../store/store.ts";
import { BUSY_PAUSE_MS, isBusy, Patience } from "./patience.ts";

interface Waiting {
  readonly step: Step;
  readonly resolve: (outcome: StepOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class Committer {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #patience: Patience;
  #waiting: Waiting[] = [];
  /** Whether the next write is on its way. */
  #isDue = false;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#patience = new Patience(clock);
  }

  /** @throws whatever the store throws; the step is not written then. While the store is busy, it waits. */
  commit(step: Step): Promise<StepOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ step, resolve, reject });
      if (this.#isDue) return;
      this.#isDue = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = this.#write(waiting);
    this.#isDue = this.#waiting.length > 0;
    if (this.#isDue) this.#clock.setTimer(() => this.#flush(), BUSY_PAUSE_MS);
    else this.#patience.reset();
  }

  /** Returns the steps that the store was too busy for. */
  #write(waiting: readonly Waiting[]): Waiting[] {
    try {
      const outcomes = this.#store.commit(waiting.map(({ step }) => step));
      for (const [index, { resolve }] of waiting.entries()) resolve(outcomes[index] as StepOutcome);
    } catch (error) {
      if (this.#patience.allows(error)) return [...waiting];
      // The one step that is to blame must not take the others with it.
      if (waiting.length > 1 && !isBusy(error)) return waiting.flatMap((one) => this.#write([one]));
      for (const { reject } of waiting) reject(error);
    }
    return [];
  }
}
