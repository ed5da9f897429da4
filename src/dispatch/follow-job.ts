/** Sees one job to its end: runs it when there is room, leaves it to another that has it, puts it aside while it waits. */

import { OrchError } from "../core/errors.ts";
import type { JobEvent } from "../core/protocol.ts";
import { findJob, finishedEvent } from "../jobs/jobs.ts";
import type { JobStatus } from "../store/store.ts";
import type { Bell } from "./bell.ts";
import type { DispatchEvent } from "./dispatch-event.ts";
import type { DispatchedJobs } from "./dispatched-jobs.ts";
import { eventError, isDispatcherTrouble } from "./event-error.ts";
import { standingOf, waitsForWord } from "./job-standing.ts";
import type { Slot, Slots } from "./slots.ts";

/** How often a job that another has, or that waits, is looked at; whoever knows of a change rings. */
const LOOK_MS = 1000;
/** How long a job waits with its place held, before it is put aside. */
const PUT_ASIDE_MS = 250;

export interface FollowParams {
  readonly jobs: DispatchedJobs;
  readonly jobId: string;
  readonly source: string;
  readonly priority: number;
  readonly slots: Slots;
  /** A place that is held for it already. */
  readonly slot: Slot | null;
  /** Rings when something was done to the job. */
  readonly bell: Bell;
  readonly signal: AbortSignal;
  readonly report: (event: DispatchEvent) => void;
  /** Called when nothing more is done for the job: whoever rings after that has to have it followed anew. */
  readonly onEnd: () => void;
}

/**
 * How it ended; `stopped` by the signal.
 *
 * @throws OrchError what makes all further work impossible (`database-…`)
 */
export async function followJob(params: FollowParams): Promise<JobStatus | "broke-off" | "stopped"> {
  const { jobs, jobId, source, priority, slots, bell, signal, report, onEnd } = params;
  const { store } = jobs;
  let { slot } = params;
  let said: string | undefined;
  /** The history's length when it was last run: a run that changes nothing is not made again. */
  let ranAt: number | undefined;
  /** The same when it was last looked at. */
  let seenAt: number | undefined;
  const say = (what: "turn" | "word" | "owner") => {
    if (said !== what) report({ type: "task.waiting", source, jobId, for: what });
    said = what;
  };
  try {
    while (!signal.aborted) {
      const job = findJob(store, jobId);
      const standing = job.nextSeq === ranAt ? "over" : standingOf(store, job, Date.now());
      if (standing === "over") {
        onEnd();
        const { type: _, ...finished } = finishedEvent(store, job, jobs.pricesOf) as Extract<
          JobEvent,
          { type: "job.finished" }
        >;
        report({ type: "task.finished", source, ...finished });
        return job.status;
      }
      if (standing !== "ready") {
        slot?.();
        slot = null;
        if (said === "owner" && standing === "owner" && job.nextSeq !== seenAt) {
          report({ type: "task.moved", source, jobId });
        }
        seenAt = job.nextSeq;
        say(standing);
        await bell.wait(LOOK_MS, signal);
        continue;
      }
      if (!slot) {
        slot = slots.take();
        if (!slot) {
          say("turn");
          const rung = new AbortController();
          const unlisten = bell.listen(() => rung.abort());
          slot = await slots.wait(priority, AbortSignal.any([signal, rung.signal]));
          unlisten();
          // It may have been cancelled, or run by somebody else, meanwhile.
          continue;
        }
      }
      said = undefined;
      const after = await runOnce(params);
      if (after !== null && after === job.nextSeq && !signal.aborted) ranAt = after;
    }
    return "stopped";
  } catch (error) {
    onEnd();
    if (isDispatcherTrouble(error)) throw error;
    report({ type: "task.broke-off", source, jobId, error: eventError(error) });
    return "broke-off";
  } finally {
    slot?.();
  }
}

/** The length of its history afterwards; null if it is to be looked at again in any case. */
async function runOnce({ jobs, jobId, signal, report }: FollowParams): Promise<number | null> {
  const { store } = jobs;
  const aside = new AbortController();
  let look: NodeJS.Timeout | undefined;
  const onEvent = (event: JobEvent) => {
    // It was put aside: it is not interrupted, it waits.
    if (event.type === "job.interrupted" && aside.signal.aborted && !signal.aborted) return;
    if (event.type === "job.waiting") {
      look ??= setInterval(() => {
        if (waitsForWord(store, findJob(store, jobId))) aside.abort();
      }, PUT_ASIDE_MS);
    }
    report(event);
  };
  try {
    const { nextSeq } = await jobs.run(jobId, { signal: AbortSignal.any([signal, aside.signal]), onEvent });
    return aside.signal.aborted ? null : nextSeq;
  } catch (error) {
    // Somebody else was quicker: it is left to them.
    const isElsewhere = error instanceof OrchError && ["job-running-elsewhere", "lease-lost"].includes(error.code);
    if (!isElsewhere) throw error;
    return null;
  } finally {
    clearInterval(look);
  }
}
