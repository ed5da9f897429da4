/**
 * A job that is ours: it runs while there is something to do, and sleeps while it only waits for a time or a signal. What
 * a sleeping job waits for stands in the database, as it does after a crash; waking up is what a restart does.
 */

import type { Clock } from "../core/clock.ts";
import { errorMessage } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import type { Redact } from "../core/redact.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { Alarm } from "./alarm.ts";
import type { Committer } from "./committer.ts";
import { JobRun } from "./job-run.ts";
import type { JobUpdate } from "./job-update.ts";
import { type KeptLease, type LeaseHolder, LeaseKeeper, leaseLost } from "./lease.ts";
import { patiently } from "./patience.ts";
import type { Registry } from "./registry.ts";

export interface HoldParams {
  /** As it was when it was taken. */
  readonly job: JobRecord;
  readonly epoch: number;
  /** Of the lease, as it was taken. */
  readonly expiresAt: number;
  readonly log: Logger;
  readonly redact: Redact;
  readonly onUpdate: (update: JobUpdate) => void;
}

/** What all jobs of an engine share. */
export class HeldJobs {
  readonly store: Store;
  readonly registry: Registry;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly leases: LeaseKeeper;
  readonly alarm: Alarm<HeldJob>;
  readonly onRest: (isResting: boolean) => void;
  #working = 0;

  constructor(parts: Pick<HeldJobs, "store" | "registry" | "committer" | "clock" | "onRest">) {
    this.store = parts.store;
    this.registry = parts.registry;
    this.committer = parts.committer;
    this.clock = parts.clock;
    this.onRest = parts.onRest;
    this.leases = new LeaseKeeper(this.store, this.clock);
    this.alarm = new Alarm(this.clock, (job) => job.wake());
  }

  /** How many of them do not sleep. */
  get working(): number {
    return this.#working;
  }

  beginWork(): void {
    this.#working += 1;
    if (this.#working === 1) this.onRest(false);
  }

  endWork(): void {
    this.#working -= 1;
    if (this.#working === 0) this.onRest(true);
  }
}

export class HeldJob implements LeaseHolder {
  readonly jobId: string;
  readonly epoch: number;
  readonly #shared: HeldJobs;
  readonly log: Logger;
  readonly #redact: Redact;
  readonly #onUpdate: (update: JobUpdate) => void;
  readonly #lease: KeptLease;
  /** Until it is run for the first time. */
  #job: JobRecord | undefined;
  #run: JobRun | undefined;
  /** Ends the promise that `run` gave. */
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;
  #isAsleep = false;
  /** Whether something has come that the next run is to look at. */
  #isCalled = false;
  #isStopped = false;
  #isLost = false;
  /** Number of the newest signal that it was told of. */
  #newestSignal = 0;

  constructor(shared: HeldJobs, { job, epoch, expiresAt, log, redact, onUpdate }: HoldParams) {
    this.#shared = shared;
    this.jobId = job.id;
    this.#job = job;
    this.epoch = epoch;
    this.log = log;
    this.#redact = redact;
    this.#onUpdate = onUpdate;
    this.#lease = shared.leases.keep(this, expiresAt);
  }

  /**
   * Until the job has settled (done, failed, cancelled or paused) or is told to stop.
   *
   * @throws what `JobRun.run` throws
   */
  run(): Promise<void> {
    // Not an async function: its frame, and all that it awaits, would be kept for as long as the job sleeps.
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#work().then(
      (rest) => (rest === null ? this.#settle?.resolve() : this.#restUntil(rest)),
      (error) => this.#settle?.reject(error),
    );
  }

  #restUntil(time: number): void {
    if (this.#isLost) this.#settle?.reject(leaseLost(this.jobId));
    else if (this.#isStopped) this.#settle?.resolve();
    else if (this.#isCalled || time <= this.#shared.clock.now()) this.#goOn();
    else {
      this.#isAsleep = true;
      this.#shared.alarm.set(this, time);
    }
  }

  /** Until when there is nothing to do; null for ever. */
  async #work(): Promise<number | null> {
    this.#shared.beginWork();
    try {
      const isFirst = this.#job !== undefined;
      const job = this.#job ?? (await this.#read());
      this.#job = undefined;
      this.#isCalled = false;
      if (!job || this.#isStopped) return null;
      this.#run = this.#newRun(job, isFirst);
      return await this.#run.run();
    } finally {
      this.#shared.endWork();
      this.#run = undefined;
    }
  }

  /** Undefined if it is to stop. While the store is busy, it waits. */
  async #read(): Promise<JobRecord | undefined> {
    const { clock, store } = this.#shared;
    const isOver = () => this.#isStopped || this.#isLost;
    const job = await patiently(clock, () => (isOver() ? undefined : store.getJob(this.jobId)));
    if (this.#isLost || (!job && !this.#isStopped)) throw leaseLost(this.jobId);
    return job;
  }

  #newRun(job: JobRecord, mayFindLeft: boolean): JobRun {
    const { store, registry, committer, clock } = this.#shared;
    const says = { log: this.log, redact: this.#redact, onUpdate: this.#onUpdate };
    const holdsLease = () => this.#lease.holds();
    return new JobRun({ store, registry, committer, clock, ...says, holdsLease, mayFindLeft }, job, this.epoch);
  }

  /** There is something to do. */
  wake(): void {
    this.#isCalled = true;
    if (!this.#isAsleep) return;
    this.#isAsleep = false;
    this.#shared.alarm.clear(this);
    this.#restUntil(this.#shared.clock.now());
  }

  /** Looks for signals that have come in from outside. */
  checkSignals(): void {
    if (this.#run && !this.#run.isOver) this.#run.checkSignals();
    else this.wake();
  }

  /** The same, if any of them is newer than those it was told of before. */
  checkSignalsUpTo(newest: number): void {
    if (newest <= this.#newestSignal) return;
    this.#newestSignal = newest;
    this.checkSignals();
  }

  /** Ends what runs, keeps what is finished; `run` then returns. */
  stop(): void {
    this.#isStopped = true;
    this.#run?.stop("shutdown");
    this.wake();
  }

  onLeaseLost(): void {
    this.#isLost = true;
    this.#run?.loseLease();
    this.wake();
  }

  onLeaseError(error: unknown): void {
    this.log.warn(`the lease of job ${this.jobId} could not be renewed: ${errorMessage(error)}`);
  }

  /** Ends the renewing of its lease. */
  end(): void {
    this.#lease.end();
  }
}
