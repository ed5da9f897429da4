/** What there is to do for a job, by its record. */

import { hasSettled } from "../jobs/jobs.ts";
import { isGone } from "../services/owner.ts";
import type { JobRecord, Store } from "../store/store.ts";

/**
 * `over`: it has settled, and no word waits that would set it going; `owner`: an orchestrator that lives has it; `word`:
 * only a person's word can move it; `ready`: it can be run.
 */
export type Standing = "over" | "owner" | "word" | "ready";

export function standingOf(store: Store, job: JobRecord, now: number): Standing {
  const { lease } = job;
  if (lease !== null && lease.expiresAt > now && !isGone(lease.owner)) return "owner";
  if (job.closed) return "over";
  if (hasWord(store, job.id)) return "ready";
  if (hasSettled(job)) return "over";
  return waitsForWord(store, job) ? "word" : "ready";
}

/** Nothing of it runs, no timer is set, and nobody has said anything: it would only take up a place. */
export function waitsForWord(store: Store, { id, status }: JobRecord): boolean {
  return (
    status === "waiting" &&
    store.listPendingSignals(id).length === 0 &&
    store.listTimers(id).length === 0 &&
    store.listActivities(id, { status: "scheduled" }).length === 0
  );
}

function hasWord(store: Store, jobId: string): boolean {
  return store.listPendingSignals(jobId).some(({ external }) => external);
}
