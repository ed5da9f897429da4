/** Holds the leases of jobs while they run or sleep here: renews them in time, and tells when one is gone. */

import type { Clock } from "../core/clock.ts";
import { OrchError } from "../core/errors.ts";
import type { Lease, Store } from "../store/store.ts";

/** How long an owner on another host must be silent before its job may be taken over. */
export const LEASE_TTL_MS = 30_000;

const RENEW_MS = LEASE_TTL_MS / 3;
/** After a renewal that failed: often enough to hold the lease through a store that is busy for a while. */
const RENEW_AGAIN_MS = 2_000;

export function leaseLost(jobId: string): OrchError {
  return new OrchError(`job ${jobId} was taken over by another orchestrator; this one has stopped working on it`, {
    code: "lease-lost",
    hint: `see where it runs with "orch show ${jobId}"`,
  });
}

export function heldElsewhere(jobId: string, { owner }: Lease): OrchError {
  return new OrchError(`job ${jobId} is running already: process ${owner.pid} on ${owner.host} has it`, {
    code: "job-running-elsewhere",
    hint: `watch it with "orch logs ${jobId} -f", or stop that process first`,
  });
}

/** Whoever works on a job under a lease. */
export interface LeaseHolder {
  readonly jobId: string;
  readonly epoch: number;
  onLeaseLost(): void;
  /** The store could not be written; the lease may still be held, and is tried again. */
  onLeaseError(error: unknown): void;
}

/** Renews the leases of all jobs that run here, every third of their time, in one transaction. */
export class LeaseKeeper {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #kept = new Set<KeptLease>();
  #cancel: (() => void) | undefined;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @param expiresAt of the lease, as it was taken */
  keep(holder: LeaseHolder, expiresAt: number): KeptLease {
    const lease = new KeptLease(this, holder, expiresAt);
    this.#kept.add(lease);
    this.#cancel ??= this.#renewIn(RENEW_MS);
    return lease;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Asks the store for more time: until when it is the holder's then, or null if it is another's. */
  renew({ jobId, epoch }: LeaseHolder): number | null {
    const expiresAt = this.#clock.now() + LEASE_TTL_MS;
    return this.#store.renewLease({ jobId, epoch, expiresAt }) ? expiresAt : null;
  }

  /** Ends the renewing. */
  end(lease: KeptLease): void {
    this.#kept.delete(lease);
    if (this.#kept.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #renewIn(delayMs: number): () => void {
    return this.#clock.setTimer(() => {
      this.#cancel = undefined;
      const isDone = this.#renewAll([...this.#kept]);
      // Whoever has just lost the last one has ended it.
      if (this.#kept.size > 0) this.#cancel ??= this.#renewIn(isDone ? RENEW_MS : RENEW_AGAIN_MS);
    }, delayMs);
  }

  /** False if some have to be tried again soon. */
  #renewAll(leases: readonly KeptLease[]): boolean {
    try {
      const outcomes = this.#store.together(
        leases.map(
          ({ holder }) =>
            () =>
              this.renew(holder),
        ),
      );
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.ok) leases[index]?.noteRenewal(outcome.result);
        else leases[index]?.holder.onLeaseError(outcome.error);
      }
      return outcomes.every(({ ok }) => ok);
    } catch (error) {
      for (const { holder } of leases) holder.onLeaseError(error);
      return false;
    }
  }
}

export class KeptLease {
  readonly holder: LeaseHolder;
  readonly #keeper: LeaseKeeper;
  #expiresAt: number;
  #isLost = false;

  constructor(keeper: LeaseKeeper, holder: LeaseHolder, expiresAt: number) {
    this.#keeper = keeper;
    this.holder = holder;
    this.#expiresAt = expiresAt;
  }

  /**
   * Whether the lease is still ours. By the clock as long as it cannot have run out; then the store is asked, and it is
   * renewed if nobody has taken it. Throws what the store throws.
   */
  holds(): boolean {
    if (this.#isLost) return false;
    return this.#keeper.now() < this.#expiresAt || this.noteRenewal(this.#keeper.renew(this.holder));
  }

  /** Ends the renewing. */
  end(): void {
    this.#keeper.end(this);
  }

  /** True if it is ours. */
  noteRenewal(expiresAt: number | null): boolean {
    if (expiresAt !== null) {
      this.#expiresAt = expiresAt;
      return true;
    }
    this.#isLost = true;
    this.end();
    this.holder.onLeaseLost();
    return false;
  }
}
