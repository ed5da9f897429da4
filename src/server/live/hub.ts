/** Tells all watchers what was committed, by whatever process. Nothing happens while nobody watches. */

import { stat } from "node:fs/promises";
import type { PricesOf } from "../../core/cost.ts";
import { summarizeJob } from "../../jobs/job-view.ts";
import type { JobLogs } from "../../jobs/view/log-sources.ts";
import type { Reads } from "../../store/reads.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { JobLive } from "./job-live.ts";
import { JobsLive } from "./jobs-live.ts";
import type { LiveWorld, Watcher } from "./watcher.ts";

/** Between two rounds, at least: what is committed meanwhile goes out in one message. */
const PAUSE_MS = 40;
/** An orchestrator that was killed commits nothing: only a look tells. Also: logs that grow. */
const LOOK_MS = 1000;
/** Jobs that nobody looks at now, of which is kept what is known: who comes back is shown them at once. */
const MOST_UNWATCHED = 4;
/** How many of the newest jobs are looked through for the one that is active. */
const NEWEST = 20;

export class Hub {
  readonly #store: Store;
  readonly #reads: Reads;
  readonly #logs: JobLogs;
  readonly #report: (error: unknown) => void;
  readonly #watchers = new Set<Watcher>();
  readonly #lives = new Map<string, JobLive>();
  readonly #pricesOf: PricesOf;
  readonly #jobs: JobsLive;
  #endFeed: (() => void) | undefined;
  #look: NodeJS.Timeout | undefined;
  #next: NodeJS.Timeout | undefined;
  #lastRound = Number.NEGATIVE_INFINITY;

  constructor(params: {
    store: Store;
    reads: Reads;
    logs: JobLogs;
    pricesOf: PricesOf;
    report: (error: unknown) => void;
  }) {
    this.#store = params.store;
    this.#reads = params.reads;
    this.#logs = params.logs;
    this.#report = params.report;
    this.#pricesOf = params.pricesOf;
    this.#jobs = new JobsLive(params.pricesOf);
  }

  get size(): number {
    return this.#watchers.size;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    if (this.#watchers.size === 1) {
      this.#endFeed = this.#store.onForeignCommit(() => this.#soon());
      this.#look = setInterval(() => this.#soon(), LOOK_MS);
    }
    this.#soon();
  }

  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#endFeed?.();
    clearInterval(this.#look);
    clearTimeout(this.#next);
    this.#next = undefined;
  }

  /** The watcher can take more, or wants something else. */
  poke(): void {
    this.#soon();
  }

  close(): void {
    for (const watcher of [...this.#watchers]) this.remove(watcher);
  }

  #soon(): void {
    if (this.#next || this.#watchers.size === 0) return;
    const wait = Math.max(0, this.#lastRound + PAUSE_MS - performance.now());
    this.#next = setTimeout(() => {
      this.#next = undefined;
      try {
        this.#round();
      } catch (error) {
        // A database that is busy, or worse: the next look shows it again.
        this.#report(error);
      }
      this.#lastRound = performance.now();
    }, wait);
  }

  #round(): void {
    const now = Date.now();
    const refreshed = new Set<string>();
    const newest = once(() => this.#reads.listJobsBefore({ limit: NEWEST }));
    const world: LiveWorld = {
      store: this.#store,
      jobs: this.#jobs,
      job: (jobId) => {
        if (!refreshed.has(jobId)) {
          refreshed.add(jobId);
          this.#refresh(jobId, now);
        }
        return this.#lives.get(jobId) ?? null;
      },
      activeJob: (current) => activeOf(newest(), current, now),
    };
    const isListed = [...this.#watchers].some(({ watchesJobs }) => watchesJobs);
    if (isListed && !this.#jobs.refresh(this.#store, this.#reads, now)) setTimeout(() => this.#soon(), 250).unref();
    for (const watcher of this.#watchers) {
      watcher.pump(world);
      if (watcher.log) void this.#followLog(watcher);
    }
    const watched = new Set([...this.#watchers].map(({ jobId }) => jobId));
    const unwatched = [...this.#lives.keys()].filter((jobId) => !watched.has(jobId));
    for (const jobId of unwatched.slice(0, -MOST_UNWATCHED)) this.#lives.delete(jobId);
  }

  /** What is held of a job is brought up to date; if it is of another one of that name, it is made anew. */
  #refresh(jobId: string, now: number): void {
    const held = this.#lives.get(jobId);
    this.#lives.delete(jobId);
    for (const live of held ? [held, new JobLive(jobId, this.#pricesOf)] : [new JobLive(jobId, this.#pricesOf)]) {
      if (!live.refresh(this.#store, this.#reads, now)) continue;
      this.#lives.set(jobId, live);
      return;
    }
  }

  async #followLog(watcher: Watcher): Promise<void> {
    const { log, jobId } = watcher;
    const job = jobId === null ? undefined : this.#store.getJob(jobId);
    if (!log || !job || jobId === null) return;
    try {
      const path = await this.#logs.fileOf(job, log.id);
      const bytes = path === null ? 0 : (await stat(path)).size;
      if (bytes === log.bytes || watcher.log !== log || !watcher.canTake()) return;
      log.bytes = bytes;
      watcher.say({ type: "log-grown", jobId, log: log.id, bytes });
    } catch {
      // It is not there yet.
    }
  }
}

function activeOf(newest: readonly JobRecord[], current: string | null, now: number): string | null {
  const isActive = (job: JobRecord) => ["running", "waiting"].includes(summarizeJob(job, now).state);
  const active = newest.find(isActive);
  return active?.id ?? current ?? newest[0]?.id ?? null;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
