/** The newest jobs as the list shows them, kept up to date for all who watch it. */

import type { PricesOf } from "../../core/cost.ts";
import type { JobItem } from "../../core/protocol/jobs.ts";
import { summarizeJob } from "../../jobs/job-view.ts";
import { inputOf } from "../../jobs/jobs.ts";
import { jobItem } from "../../jobs/view/job-now.ts";
import type { Reads } from "../../store/reads.ts";
import type { JobRecord, Store } from "../../store/store.ts";

const MOST = 200;
/** How often the list is looked at, at most. */
const PAUSE_MS = 250;

interface Kept {
  readonly key: string;
  readonly item: JobItem;
  readonly round: number;
}

export class JobsLive {
  readonly #pricesOf: PricesOf;
  #kept = new Map<string, Kept>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  round = 0;

  constructor(pricesOf: PricesOf) {
    this.#pricesOf = pricesOf;
  }

  /** False if it was looked at just now: ask again. */
  refresh(store: Store, reads: Reads, now: number): boolean {
    if (now - this.#lookedAt < PAUSE_MS && now >= this.#lookedAt) return false;
    this.#lookedAt = now;
    const round = this.round + 1;
    // Even an empty list is something to tell.
    this.round = Math.max(this.round, 1);
    const next = new Map<string, Kept>();
    for (const record of reads.listJobsBefore({ limit: MOST })) {
      const key = keyOf(record, now, store, this.#pricesOf);
      const known = this.#kept.get(record.id);
      const isSame = known?.key === key;
      next.set(record.id, isSame ? known : { key, item: jobItem(store, record, now, this.#pricesOf), round });
      if (!isSame) this.round = round;
    }
    this.#kept = next;
    return true;
  }

  /** Newest first. */
  changesAfter(round: number): JobItem[] {
    return [...this.#kept.values()].filter((kept) => kept.round > round).map(({ item }) => item);
  }
}

/** All that an item is made of, without what is long to read. */
function keyOf(record: JobRecord, now: number, store: Store, pricesOf: PricesOf): string {
  const { state, runBy } = summarizeJob(record, now);
  const usage = state === "running" ? Object.values(store.getUsage(record.id)) : [];
  return JSON.stringify([
    state,
    runBy,
    record.nextSeq,
    record.updatedAt,
    usage,
    pricesOf(inputOf(record).repository.root),
  ]);
}
