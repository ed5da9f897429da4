/**
 * Group commit: the steps that jobs have ready in one turn of the event loop share one transaction, and so one fsync.
 * A step's promise settles after the commit, so nothing that follows from a step starts before it is on disk.
 */

import type { Step, StepOutcome, Store } from "../store/store.ts";

interface Waiting {
  readonly step: Step;
  readonly resolve: (outcome: StepOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class Committer {
  readonly #store: Store;
  #waiting: Waiting[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws whatever the store throws; the step is not written then */
  commit(step: Step): Promise<StepOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ step, resolve, reject });
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (!this.#write(waiting)) for (const one of waiting) this.#write([one]);
  }

  /** False if a group could not be written: the one step that is to blame must not take the others with it. */
  #write(waiting: readonly Waiting[]): boolean {
    try {
      const outcomes = this.#store.commit(waiting.map(({ step }) => step));
      for (const [index, { resolve }] of waiting.entries()) resolve(outcomes[index] as StepOutcome);
    } catch (error) {
      if (waiting.length > 1) return false;
      waiting[0]?.reject(error);
    }
    return true;
  }
}
