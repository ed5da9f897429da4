/** Holds a job's lease while the job runs: renews it in time, and tells when it is gone. */

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

export interface KeptLease {
  /**
   * Whether the lease is still ours. By the clock as long as it cannot have run out; then the store is asked, and it is
   * renewed if nobody has taken it. Throws what the store throws.
   */
  holds(): boolean;
  /** Ends the renewing. */
  end(): void;
}

/** Renews the lease every third of its time. */
export function keepLease(params: {
  readonly store: Store;
  readonly clock: Clock;
  readonly jobId: string;
  readonly epoch: number;
  readonly expiresAt: number;
  readonly onLost: () => void;
  /** The store could not be written; the lease may still be held, and is tried again. */
  readonly onError: (error: unknown) => void;
}): KeptLease {
  const { store, clock, jobId, epoch, onLost, onError } = params;
  let { expiresAt } = params;
  let isLost = false;
  let cancel = () => {};
  const renew = () => {
    const until = clock.now() + LEASE_TTL_MS;
    if (store.renewLease({ jobId, epoch, expiresAt: until })) {
      expiresAt = until;
      return true;
    }
    isLost = true;
    onLost();
    return false;
  };
  const renewIn = (delayMs: number) => {
    cancel = clock.setTimer(() => {
      try {
        if (renew()) renewIn(RENEW_MS);
      } catch (error) {
        onError(error);
        renewIn(RENEW_AGAIN_MS);
      }
    }, delayMs);
  };
  renewIn(RENEW_MS);
  return {
    holds: () => !isLost && (clock.now() < expiresAt || renew()),
    end: () => cancel(),
  };
}
