/** What the live view shows, kept up to date from a job's events. */

import type { SubtaskStatus } from "../../core/coding.ts";
import type { JobEvent } from "../../core/protocol.ts";

/** Something that goes on now: a subtask, or the job's own work. */
export interface Activity {
  readonly name: string;
  /** What it is at, when that is more than its usual work. */
  readonly note: string;
  /** The last thing that was seen of it. */
  readonly line: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly since: number;
  /** When it is tried again; null while it is being tried. */
  readonly retryAt: number | null;
}

/** A subtask as it stood when the run began. */
export interface KnownSubtask {
  readonly id: string;
  readonly status: SubtaskStatus;
}

export class LiveModel {
  readonly jobId: string;
  readonly begunAt: number;
  readonly #statuses = new Map<string, SubtaskStatus>();
  readonly #running = new Map<string, Activity>();
  #job: Activity | null = null;
  #isStopping = false;

  constructor(jobId: string, known: readonly KnownSubtask[], now: number) {
    this.jobId = jobId;
    this.begunAt = now;
    for (const { id, status } of known) {
      this.#statuses.set(id, status);
      if (status === "running") this.#running.set(id, begun(id, now));
    }
  }

  /** The subtasks that run, in the order in which they began. */
  get running(): readonly Activity[] {
    return [...this.#running.values()];
  }

  /** The job's own work (planning, merging …); null while only subtasks run. */
  get job(): Activity | null {
    return this.#job;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  count(status: SubtaskStatus): number {
    return [...this.#statuses.values()].filter((other) => other === status).length;
  }

  /** When the subtask began, if it runs and began in this run. */
  startOf(id: string): number | undefined {
    return this.#running.get(id)?.since;
  }

  stop(): void {
    this.#isStopping = true;
  }

  take(event: JobEvent, now: number): void {
    switch (event.type) {
      case "job.phase":
        this.#job = event.phase === "working" ? null : begun(event.phase, now);
        return;
      case "job.state":
        this.#job = begun(event.state, now);
        return;
      case "job.waiting":
        this.#job = { ...begun("waiting", now), line: `orch approve ${this.jobId}` };
        return;
      case "plan.ready":
        this.#statuses.clear();
        for (const { id } of event.subtasks) this.#statuses.set(id, "pending");
        return;
      case "subtask.started":
        this.#statuses.set(event.id, "running");
        this.#running.set(event.id, begun(event.id, now));
        return;
      case "subtask.finished":
        this.#statuses.set(event.id, event.status);
        this.#running.delete(event.id);
        return;
      case "progress":
        this.#change(event.id, { line: event.line, retryAt: null });
        return;
      case "retry":
        this.#change(event.id, { line: event.error.message, retryAt: event.at });
        return;
      case "merge.conflict":
        this.#change(event.id, { note: "conflict", line: `with ${event.subtaskId} in ${event.files.join(", ")}` });
        return;
    }
  }

  #change(id: string | null, change: Partial<Activity>): void {
    if (id === null) {
      if (this.#job) this.#job = { ...this.#job, ...change };
      return;
    }
    const activity = this.#running.get(id);
    if (activity) this.#running.set(id, { ...activity, ...change });
  }
}

function begun(name: string, now: number): Activity {
  return { name, note: "", line: "", since: now, retryAt: null };
}
