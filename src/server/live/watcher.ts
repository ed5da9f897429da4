/**
 * One client of the stream: what it watches and how far it has got. Nothing is queued for it: what it has not been sent
 * yet stands in the database, and is read when it can take more.
 */

import type { ServerMessage } from "../../core/protocol/stream.ts";
import { entryView } from "../../jobs/view/entry-view.ts";
import type { Store } from "../../store/store.ts";
import type { JobLive } from "./job-live.ts";
import type { JobsLive } from "./jobs-live.ts";

const PAGE = 500;

export interface WatcherOutput {
  /** Whether it can take more now; if not, `Hub.poke` is called when it can. */
  canTake(): boolean;
  send(message: ServerMessage): void;
}

/** What a watcher is shown, by the hub. */
export interface LiveWorld {
  readonly store: Store;
  readonly jobs: JobsLive;
  /** Null: there is no job of that id. */
  job(jobId: string): JobLive | null;
  /** The newest that runs, else the one that was watched, else the newest. */
  activeJob(current: string | null): string | null;
}

type Target =
  | { readonly type: "none" }
  | { readonly type: "active" }
  | { readonly type: "job"; readonly jobId: string };

export class Watcher {
  readonly #output: WatcherOutput;
  #target: Target = { type: "none" };
  #jobId: string | null = null;
  /** The last entry that was sent. */
  #cursor = 0;
  /** 0: the job has not been shown yet. */
  #round = 0;
  #hasSaidNoJob = false;
  #jobsRound: number | null = null;
  /** Which log it follows. */
  log: { readonly id: string; bytes: number } | null = null;

  constructor(output: WatcherOutput) {
    this.#output = output;
  }

  get jobId(): string | null {
    return this.#jobId;
  }

  get watchesJobs(): boolean {
    return this.#jobsRound !== null;
  }

  /** @param jobId null: the active job */
  watch(jobId: string | null, since: number): void {
    this.#target = jobId === null ? { type: "active" } : { type: "job", jobId };
    this.#show(jobId, since);
  }

  unwatch(): void {
    this.#target = { type: "none" };
    this.#show(null, 0);
  }

  watchJobs(isWanted: boolean): void {
    this.#jobsRound = isWanted ? 0 : null;
  }

  say(message: ServerMessage): void {
    this.#output.send(message);
  }

  canTake(): boolean {
    return this.#output.canTake();
  }

  /** Sends what is new, as much as the client can take. */
  pump(world: LiveWorld): void {
    this.#pumpJobs(world);
    this.#choose(world);
    while (this.#output.canTake() && this.#pumpJob(world));
  }

  #show(jobId: string | null, since: number): void {
    this.#jobId = jobId;
    this.#cursor = since;
    this.#round = 0;
    this.#hasSaidNoJob = false;
    this.log = null;
  }

  #choose(world: LiveWorld): void {
    if (this.#target.type !== "active") return;
    const active = world.activeJob(this.#jobId);
    if (active === this.#jobId) return;
    // The first one is the one that `since` was said of.
    this.#show(active, this.#jobId === null ? this.#cursor : 0);
  }

  /** False if there is nothing more to send now. */
  #pumpJob(world: LiveWorld): boolean {
    if (this.#target.type === "none") return false;
    const live = this.#jobId === null ? null : world.job(this.#jobId);
    if (!live || this.#jobId === null) {
      if (!this.#hasSaidNoJob) this.#output.send({ type: "no-job", jobId: this.#jobId });
      this.#hasSaidNoJob = true;
      return false;
    }
    if (this.#round === 0) return this.#begin(live);
    const entries =
      this.#cursor < live.seq
        ? world.store.listHistory(this.#jobId, { after: this.#cursor, limit: PAGE }).map(entryView)
        : [];
    if (entries.length === 0 && live.round === this.#round) return false;
    this.#cursor = entries.at(-1)?.seq ?? this.#cursor;
    const changes = live.changesAfter(this.#round);
    this.#round = live.round;
    this.#output.send({ type: "update", jobId: this.#jobId, seq: this.#cursor, entries, ...changes });
    return entries.length === PAGE;
  }

  #begin(live: JobLive): boolean {
    if (this.#cursor > live.seq) this.#cursor = 0;
    const { job, subtasks, actors } = live.changesAfter(0);
    if (!job) return false;
    this.#round = live.round;
    const { jobId, seq } = live;
    this.#output.send({ type: "job", jobId, seq, since: this.#cursor, job, subtasks, actors });
    return this.#cursor < seq;
  }

  #pumpJobs({ jobs }: LiveWorld): void {
    if (this.#jobsRound === null || !this.#output.canTake() || jobs.round === this.#jobsRound) return;
    const isFirst = this.#jobsRound === 0;
    const changed = jobs.changesAfter(this.#jobsRound);
    this.#jobsRound = jobs.round;
    this.#output.send({ type: isFirst ? "jobs" : "jobs-changed", jobs: changed });
  }
}
