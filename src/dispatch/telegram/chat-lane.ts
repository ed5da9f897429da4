/**
 * What is said in one chat, one thing after the other: how jobs end comes first, then how they stand, and of that only the
 * newest, at most one change every few seconds.
 */

import { Bell } from "../bell.ts";

/** Telegram takes about 20 messages a minute in a group. */
const CHANGES_MS = 3000;

export interface LaneTalk {
  /** Brings the job's message up to date. False if nothing had to be sent. */
  show(jobId: string): Promise<boolean>;
  conclude(jobId: string): Promise<void>;
  failed(error: unknown): void;
}

export class ChatLane {
  readonly #talk: LaneTalk;
  readonly #signal: AbortSignal;
  readonly #changed = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #bell = new Bell();
  #isHurried = false;
  #nextChange = 0;
  #isWorking = false;
  #work: Promise<void> | undefined;

  constructor(talk: LaneTalk, signal: AbortSignal) {
    this.#talk = talk;
    this.#signal = signal;
  }

  change(jobId: string): void {
    this.#changed.add(jobId);
    this.#begin();
  }

  end(jobId: string): void {
    this.#ended.add(jobId);
    this.#bell.ring();
    this.#begin();
  }

  /** Says what is still to be said, without pauses. */
  async finish(): Promise<void> {
    this.#isHurried = true;
    this.#bell.ring();
    await this.#work;
  }

  #begin(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#work = this.#run();
  }

  async #run(): Promise<void> {
    // Whatever else happens in this turn is to be said, too.
    await Promise.resolve();
    while (!this.#signal.aborted) {
      const [ended] = this.#ended;
      const [changed] = this.#changed;
      try {
        if (ended !== undefined) {
          this.#ended.delete(ended);
          this.#changed.delete(ended);
          await this.#talk.conclude(ended);
        } else if (changed !== undefined) {
          const wait = this.#nextChange - performance.now();
          if (wait > 0 && !this.#isHurried) {
            await this.#bell.wait(wait, this.#signal);
            continue;
          }
          this.#changed.delete(changed);
          if (await this.#talk.show(changed)) this.#nextChange = performance.now() + CHANGES_MS;
        } else {
          // At once, not when the promise settles: what is said in between would wait for ever.
          this.#isWorking = false;
          return;
        }
      } catch (error) {
        if (!this.#signal.aborted) this.#talk.failed(error);
      }
    }
  }
}
