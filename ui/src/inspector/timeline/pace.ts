/** How playing a history moves on: entry by entry, or by its own time, in which long waits are cut short. Pure. */

export type Pace = "entries" | "time";
export const SPEEDS = [1, 4, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** At 1×: so many entries a second; and so many times faster than it was. */
const ENTRIES_A_SECOND = 4;
const FASTER = 10;
/** No wait between two entries is longer than this, at 1×. */
const LONGEST_WAIT_MS = 1500;

/**
 * How long the next entry is waited for, in milliseconds.
 *
 * @param between the time between the two entries as it was
 */
export function waitBefore(pace: Pace, speed: Speed, between: number): number {
  if (pace === "entries") return 1000 / ENTRIES_A_SECOND / speed;
  return Math.min(Math.max(0, between) / FASTER, LONGEST_WAIT_MS) / speed;
}

/** Moves a position by the time that has passed: several entries at once where they are close. */
export class Playhead {
  #seq: number;
  #left = 0;

  constructor(seq: number) {
    this.#seq = seq;
  }

  /**
   * @param timeOf when an entry was committed
   * @returns where it stands now; never after `last`
   */
  advance(elapsed: number, last: number, pace: Pace, speed: Speed, timeOf: (seq: number) => number): number {
    this.#left += elapsed;
    while (this.#seq < last) {
      const wait = waitBefore(pace, speed, timeOf(this.#seq + 1) - timeOf(this.#seq));
      if (this.#left < wait) return this.#seq;
      this.#left -= wait;
      this.#seq += 1;
    }
    return this.#seq;
  }
}
