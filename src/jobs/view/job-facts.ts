/** What a job's activities and meters say of its parts: kept up to date by reading only what is new. */

import { addSpending, noSpending, type Spending, spendingOf } from "../../core/cost.ts";
import type { SubtaskItem } from "../../core/protocol/jobs.ts";
import type { ActivityFacts, Reads } from "../../store/reads.ts";
import { partOf } from "./parts.ts";
import { plainError } from "./plain-error.ts";

export interface PartFacts {
  readonly startedAt: number | null;
  /** When the last thing that worked for it ended. */
  readonly endedAt: number | null;
  readonly line: string | null;
  readonly retry: SubtaskItem["retry"];
  readonly spent: Spending;
}

export const noFacts: PartFacts = { startedAt: null, endedAt: null, line: null, retry: null, spent: noSpending };

interface Span {
  startedAt: number;
  endedAt: number | null;
}

export class JobFacts {
  readonly #jobId: string;
  readonly #spans = new Map<string | null, Span>();
  readonly #threads = new Map<string, string | null>();
  /** Those that are not over, by number. */
  #scheduled = new Map<number, ActivityFacts>();
  #spent = new Map<string | null, Spending>();
  #last = 0;
  #now = 0;
  total: Spending = noSpending;

  constructor(jobId: string) {
    this.#jobId = jobId;
  }

  refresh(reads: Reads, now: number): void {
    this.#now = now;
    const numbers = [...this.#scheduled.keys()];
    // Asked before the others: what comes in between is read again, which changes nothing.
    const last = reads.lastActivityNumber();
    // Numbers of jobs that were forgotten are used again: then all is read anew.
    const after = last < this.#last ? 0 : this.#last;
    for (const facts of reads.listActivityFacts(this.#jobId, { after, numbers })) this.#take(facts);
    this.#last = last;
    const meters = Map.groupBy(reads.listUsage(this.#jobId), ({ meter }) => this.#threads.get(meter) ?? null);
    this.#spent = new Map([...meters].map(([part, of]) => [part, spendingOf(of)]));
    this.total = [...this.#spent.values()].reduce(addSpending, noSpending);
  }

  /** @param part a subtask's id; null for the job's own work */
  of(part: string | null): PartFacts {
    const span = this.#spans.get(part);
    const active = [...this.#scheduled.values()].filter((one) => partOf(one.actorId) === part);
    const retried = active.find(({ error, dueAt }) => error !== null && dueAt > this.#now);
    return {
      startedAt: span?.startedAt ?? null,
      endedAt: active.length > 0 ? null : (span?.endedAt ?? null),
      line: active.findLast(({ line }) => line !== null)?.line ?? null,
      retry: retried?.error
        ? { at: retried.dueAt, attempt: retried.attempt + 1, error: plainError(retried.error) }
        : null,
      spent: this.#spent.get(part) ?? noSpending,
    };
  }

  #take(facts: ActivityFacts): void {
    const part = partOf(facts.actorId);
    if (facts.status === "scheduled") this.#scheduled.set(facts.number, facts);
    else this.#scheduled.delete(facts.number);
    if (facts.threadId !== null) this.#threads.set(facts.threadId, part);
    const span = this.#spans.get(part) ?? { startedAt: facts.scheduledAt, endedAt: null };
    span.startedAt = Math.min(span.startedAt, facts.scheduledAt);
    if (facts.finishedAt !== null) span.endedAt = Math.max(span.endedAt ?? 0, facts.finishedAt);
    this.#spans.set(part, span);
  }
}
