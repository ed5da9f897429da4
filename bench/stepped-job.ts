/** A job that goes on only when it is told to, so that several can be measured in turns. */

import type { JobRecord, Store } from "../src/store/store.ts";
import { openSizedStore, type Size, sizedEngine, startSizedJob } from "../test/support/sized-job.ts";

export interface TimedStep {
  readonly actorId: string;
  readonly ms: number;
}

export class SteppedJob {
  readonly #store: Store;
  readonly #end: Promise<JobRecord>;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #window: TimedStep[] = [];
  #wanted = 0;
  #reached = () => {};
  #before = 0;
  #hasEnded = false;

  static async open(path: string, size: Size): Promise<SteppedJob> {
    return new SteppedJob(await openSizedStore(path), size);
  }

  private constructor(store: Store, size: Size) {
    this.#store = store;
    const engine = sizedEngine(store, size, { gate: () => this.#pass() });
    startSizedJob(engine, "job", size);
    this.#end = engine.run("job", {
      signal: this.#stop.signal,
      onUpdate: (update) => {
        if (update.type === "step") this.#step(update.step.actorId);
      },
    });
    const ended = () => {
      this.#hasEnded = true;
      this.#reached();
    };
    this.#end.then(ended, ended);
  }

  /** Lets the job take so many transitions, or fewer if it ends before. Each lasts from the end of the one before. */
  async advance(steps: number): Promise<readonly TimedStep[]> {
    this.#window = [];
    if (this.#hasEnded) return this.#window;
    this.#wanted = steps;
    this.#before = performance.now();
    await new Promise<void>((resolve) => {
      this.#reached = resolve;
      for (const go of this.#waiting) go();
      this.#waiting.clear();
    });
    // What was under way comes to the gate, too: it is not to run in another job's time.
    await new Promise((resolve) => setTimeout(resolve, 10));
    return this.#window;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wanted = Number.POSITIVE_INFINITY;
    for (const go of this.#waiting) go();
    await this.#end;
    this.#store.close();
  }

  #step(actorId: string): void {
    if (this.#window.length >= this.#wanted) return;
    const now = performance.now();
    this.#window.push({ actorId, ms: now - this.#before });
    this.#before = now;
    if (this.#window.length === this.#wanted) this.#reached();
  }

  async #pass(): Promise<void> {
    if (this.#window.length < this.#wanted) return;
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }
}
