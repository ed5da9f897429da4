/** A watched job as it is now, kept up to date for all who watch it. Each thing knows in which round it changed last. */

import type { PricesOf } from "../../core/cost.ts";
import type { ActorItem } from "../../core/protocol/history.ts";
import type { JobHead, SubtaskItem } from "../../core/protocol/jobs.ts";
import { ROOT_ACTOR } from "../../engine/actor-id.ts";
import type { PersistedSnapshot } from "../../engine/interpreter.ts";
import { snapshotOf } from "../../jobs/jobs.ts";
import { actorItem } from "../../jobs/view/actor-view.ts";
import { JobFacts } from "../../jobs/view/job-facts.ts";
import { headOf, subtasksOf } from "../../jobs/view/job-head.ts";
import { momentNow } from "../../jobs/view/job-now.ts";
import type { Reads } from "../../store/reads.ts";
import type { Store } from "../../store/store.ts";

interface Kept<T> {
  readonly value: T;
  readonly json: string;
  readonly round: number;
}

export interface LiveChanges {
  readonly job: JobHead | null;
  readonly subtasks: SubtaskItem[];
  readonly actors: ActorItem[];
}

export class JobLive {
  readonly jobId: string;
  readonly #facts: JobFacts;
  readonly #pricesOf: PricesOf;
  #createdAt: number | undefined;
  #snapshot: PersistedSnapshot | null = null;
  #head: Kept<JobHead> | null = null;
  readonly #subtasks = new Map<string, Kept<SubtaskItem>>();
  readonly #actors = new Map<string, Kept<ActorItem>>();
  /** Rises with each look that found something new. */
  round = 0;
  /** Number of the last entry; -1 while there is no such job. */
  seq = -1;

  constructor(jobId: string, pricesOf: PricesOf) {
    this.jobId = jobId;
    this.#pricesOf = pricesOf;
    this.#facts = new JobFacts(jobId);
  }

  /** False if there is no such job (any more), or another one in its place: what is held here is of no use then. */
  refresh(store: Store, reads: Reads, now: number): boolean {
    const record = store.getJob(this.jobId);
    if (!record || record.nextSeq - 1 < this.seq || record.createdAt !== (this.#createdAt ?? record.createdAt))
      return false;
    this.#createdAt = record.createdAt;
    const round = this.round + 1;
    this.#facts.refresh(reads, now);
    const actors = reads.listActorFacts(this.jobId, { after: this.seq });
    for (const actor of actors) keep(this.#actors, actor.id, actorItem(actor), round);
    if (actors.some(({ id }) => id === ROOT_ACTOR)) this.#snapshot = snapshotOf(store, this.jobId);
    const moment = momentNow({
      ...{ store, record, snapshot: this.#snapshot, facts: this.#facts, now, pricesOf: this.#pricesOf },
      stateOf: (id) => this.#actors.get(id)?.value.state ?? null,
    });
    const subtasks = subtasksOf(moment, null);
    for (const subtask of subtasks) keep(this.#subtasks, subtask.id, subtask, round);
    const head = headOf(moment);
    const json = JSON.stringify(head);
    if (json !== this.#head?.json) this.#head = { value: head, json, round };
    this.seq = moment.seq;
    const isNew = ({ round: at }: Kept<unknown>) => at === round;
    if (this.#head?.round === round || [...this.#subtasks.values(), ...this.#actors.values()].some(isNew)) {
      this.round = round;
    }
    return true;
  }

  /** What changed after that round; everything after round 0. */
  changesAfter(round: number): LiveChanges {
    const isNewer = (kept: Kept<unknown>) => kept.round > round;
    return {
      job: this.#head && isNewer(this.#head) ? this.#head.value : null,
      subtasks: [...this.#subtasks.values()].filter(isNewer).map(({ value }) => value),
      actors: [...this.#actors.values()].filter(isNewer).map(({ value }) => value),
    };
  }
}

function keep<T>(kept: Map<string, Kept<T>>, key: string, value: T, round: number): void {
  const json = JSON.stringify(value);
  if (kept.get(key)?.json !== json) kept.set(key, { value, json, round });
}
