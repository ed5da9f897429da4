/** Keeps the timelines of the jobs that were looked back at last, and brings them up to date in small portions. */

import { setImmediate as breathe } from "node:timers/promises";
import { codingRegistry } from "../../coding-workflows.ts";
import { UsageError } from "../../core/errors.ts";
import { Timeline } from "../../engine/timeline.ts";
import type { Store } from "../../store/store.ts";

/** Each holds its job's whole past. */
const MOST_KEPT = 3;
const PAGE = 200;
/** The event loop is kept no longer than this at a time. */
const PORTION_MS = 12;

interface Kept {
  readonly timeline: Timeline;
  /** Those that wait do so one after the other. */
  work: Promise<void>;
}

export class Timelines {
  readonly #store: Store;
  readonly #kept = new Map<string, Kept>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The timeline of a job, at least up to that entry.
   *
   * @throws UsageError `point-unknown`
   */
  async upTo(jobId: string, seq: number): Promise<Timeline> {
    const kept = this.#kept.get(jobId) ?? { timeline: new Timeline(codingRegistry()), work: Promise.resolve() };
    this.#kept.delete(jobId);
    this.#kept.set(jobId, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    const { timeline } = kept;
    if (timeline.last < seq) {
      kept.work = kept.work.catch(() => {}).then(() => this.#extend(timeline, jobId, seq));
      await kept.work;
    }
    if (timeline.last >= seq && seq >= 1) return timeline;
    throw new UsageError(`the history of job ${jobId} has no entry ${seq}`, {
      code: "point-unknown",
      hint: timeline.last > 0 ? `it has 1 to ${timeline.last}` : "the job has not begun",
    });
  }

  async #extend(timeline: Timeline, jobId: string, seq: number): Promise<void> {
    let begun = performance.now();
    while (timeline.last < seq) {
      const page = this.#store.listHistory(jobId, { after: timeline.last, limit: PAGE });
      for (const entry of page) {
        timeline.take(entry);
        if (performance.now() - begun < PORTION_MS) continue;
        await breathe();
        begun = performance.now();
      }
      if (page.length < PAGE) return;
    }
  }
}
