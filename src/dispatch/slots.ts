/** How many jobs are worked on at a time, and who is next. */

/** Gives the place back; once is enough. */
export type Slot = () => void;

interface Waiting {
  readonly priority: number;
  readonly take: (slot: Slot | null) => void;
}

export class Slots {
  #free: number;
  readonly #waiting: Waiting[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** A place, if there is one now. */
  take(): Slot | null {
    if (this.#free === 0) return null;
    this.#free -= 1;
    return this.#slot();
  }

  /** A place as soon as there is one: the lowest priority first, then whoever came first. Null if the signal was first. */
  wait(priority: number, signal: AbortSignal): Promise<Slot | null> {
    if (signal.aborted) return Promise.resolve(null);
    const now = this.take();
    if (now) return Promise.resolve(now);
    return new Promise((resolve) => {
      const giveUp = () => {
        const place = this.#waiting.indexOf(waiting);
        if (place !== -1) this.#waiting.splice(place, 1);
        resolve(null);
      };
      const take = (slot: Slot | null) => {
        signal.removeEventListener("abort", giveUp);
        resolve(slot);
      };
      const waiting = { priority, take };
      const behind = this.#waiting.findIndex((other) => other.priority > priority);
      this.#waiting.splice(behind === -1 ? this.#waiting.length : behind, 0, waiting);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  #slot(): Slot {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.#waiting.shift();
      if (next) next.take(this.#slot());
      else this.#free += 1;
    };
  }
}
