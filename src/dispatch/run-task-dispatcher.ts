/**
 * The dispatcher: takes tasks from its sources, commits each as a job before the source is told so, and sees the jobs to
 * their ends, so many at a time. Whatever it is killed in, the same task names the same job when it comes again.
 */

import { OrchError, UsageError } from "../core/errors.ts";
import { inputOf } from "../jobs/jobs.ts";
import type { JobRecord } from "../store/store.ts";
import { Bell } from "./bell.ts";
import type { DispatchCounts, DispatchEvent } from "./dispatch-event.ts";
import type { DispatchedJobs } from "./dispatched-jobs.ts";
import { eventError, isDispatcherTrouble } from "./event-error.ts";
import { followJob } from "./follow-job.ts";
import { standingOf } from "./job-standing.ts";
import { type Slot, Slots } from "./slots.ts";
import type { TaskReporter } from "./task-reporter.ts";
import type { Task, TaskSource } from "./task-source.ts";

export interface DispatcherOptions {
  readonly jobs: DispatchedJobs;
  /** Root of the repository that tasks are worked on in. Jobs that were left in another one are not gone on with. */
  readonly repository: string;
  /**
   * The earlier in the list, the earlier their tasks get their turn. Those that do not take ahead are asked one after the
   * other: the second when the first has no more.
   */
  readonly sources: readonly TaskSource[];
  readonly reporters?: readonly TaskReporter[];
  /** How many jobs are worked on at a time. Default: 1. */
  readonly concurrency?: number;
  /** Goes on with jobs of these sources that an earlier dispatcher left. Default: false. */
  readonly resume?: boolean;
  /** Stops gently: what runs is ended, what is finished is kept, each job can be gone on with. */
  readonly signal?: AbortSignal;
}

export interface DispatchSummary extends DispatchCounts {
  readonly isStopped: boolean;
}

/** Jobs that were left come before all others. */
const FIRST = -1;

/**
 * Runs until every source has no more tasks and every job is over, or until it is told to stop.
 *
 * @throws whatever a source throws, and OrchError `database-…`; what runs is then stopped gently before
 */
export function runTaskDispatcher(options: DispatcherOptions): Promise<DispatchSummary> {
  return new Dispatcher(options).run();
}

class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #jobs: DispatchedJobs;
  readonly #concurrency: number;
  readonly #slots: Slots;
  readonly #stop = new AbortController();
  /** The jobs that are seen to, each with the bell that has it looked at. */
  readonly #followed = new Map<string, Bell>();
  readonly #ends = new Set<Promise<void>>();
  /** How each job ended last: one that failed, and was done when it was tried again, is done. */
  readonly #outcomes = new Map<string, "done" | "failed">();
  #refused = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#jobs = options.jobs;
    this.#concurrency = options.concurrency ?? 1;
    this.#slots = new Slots(this.#concurrency);
  }

  async run(): Promise<DispatchSummary> {
    const { repository, sources, reporters = [], signal } = this.#options;
    const stop = () => this.#stop.abort();
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    this.#report({
      type: "dispatcher.started",
      repository,
      sources: sources.map(({ name }) => name),
      concurrency: this.#concurrency,
      pid: process.pid,
    });
    try {
      this.#takeUpLeft();
      await this.#pullAll();
      // A job that is gone on with by a person's word is followed anew: until none is left.
      while (this.#ends.size > 0) await Promise.all(this.#ends);
    } catch (error) {
      this.#fail(error);
      await Promise.all(this.#ends);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    const isStopped = this.#stop.signal.aborted && !this.#failure;
    const reason = this.#failure ? "failed" : isStopped ? "stopped" : "done";
    const counts = this.#counts();
    this.#report({ type: "dispatcher.stopped", reason, ...counts });
    await Promise.all(reporters.map((reporter) => reporter.close?.().catch(() => {})));
    if (this.#failure) throw this.#failure.error;
    return { ...counts, isStopped };
  }

  #takeUpLeft(): void {
    const { sources, repository, resume = false } = this.#options;
    const { store } = this.#jobs;
    const names = new Set(sources.map(({ name }) => name));
    const left = store
      .listOpenJobs()
      .filter(({ labels }) => names.has(labels.source ?? "") && labels.repository === repository)
      .filter((job) => standingOf(store, job, Date.now()) !== "over");
    if (left.length === 0) return;
    if (!resume) {
      this.#report({ type: "dispatcher.left", jobIds: left.map(({ id }) => id) });
      return;
    }
    for (const job of left) {
      const source = job.labels.source ?? "";
      this.#report({ type: "task.known", source, jobId: job.id, status: job.status });
      this.#follow(job.id, source, FIRST, null);
    }
  }

  async #pullAll(): Promise<void> {
    const { sources } = this.#options;
    const all = sources.map((source, priority) => ({ source, priority }));
    const inTurn = async () => {
      for (const { source, priority } of all.filter(({ source: { takesAhead } }) => !takesAhead)) {
        await this.#pull(source, priority);
      }
    };
    const ahead = all.filter(({ source: { takesAhead } }) => takesAhead);
    const pulls = [inTurn(), ...ahead.map(({ source, priority }) => this.#pull(source, priority))];
    // The first that fails stops the others, too: none is left behind.
    await Promise.all(pulls.map((pull) => pull.catch((error: unknown) => this.#fail(error))));
  }

  async #pull(source: TaskSource, priority: number): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      const slot = source.takesAhead ? null : await this.#slots.wait(priority, signal);
      let isHandedOn = false;
      try {
        if (signal.aborted) return;
        const task = await source.next(signal, (event) => this.#report(event));
        if (task === null) return;
        isHandedOn = await this.#take(task, source.name, priority, slot);
      } catch (error) {
        if (signal.aborted && !isDispatcherTrouble(error)) return;
        throw error;
      } finally {
        if (!isHandedOn) slot?.();
      }
    }
  }

  /** True if the place is used by the job from now on. */
  async #take(task: Task, source: string, priority: number, slot: Slot | null): Promise<boolean> {
    const { jobId } = task;
    try {
      const job = await this.#create(task, source);
      if (job) this.#report({ type: "task.taken", source, jobId, ...storedTask(job, task.description) });
      else this.#report({ type: "task.known", source, jobId, status: this.#known(jobId).status });
    } catch (error) {
      if (isDispatcherTrouble(error)) throw error;
      this.#refused += 1;
      this.#report({ type: "task.refused", source, jobId, error: eventError(error) });
      await task.onRefused?.(error);
      return false;
    }
    await task.onTaken?.();
    return this.#follow(jobId, source, priority, slot);
  }

  /** Null if the job exists already. */
  async #create({ jobId, description, labels }: Task, source: string): Promise<JobRecord | null> {
    if (this.#jobs.store.getJob(jobId)) return null;
    if (description === null) throw unknownJob(jobId);
    try {
      return await this.#jobs.create({ jobId, description, labels: { ...labels, source } });
    } catch (error) {
      if (error instanceof OrchError && error.code === "job-exists") return null;
      throw error;
    }
  }

  #known(jobId: string): JobRecord {
    const job = this.#jobs.store.getJob(jobId);
    if (job) return job;
    throw unknownJob(jobId);
  }

  #follow(jobId: string, source: string, priority: number, slot: Slot | null): boolean {
    const known = this.#followed.get(jobId);
    if (known) {
      known.ring();
      return false;
    }
    const bell = new Bell();
    this.#followed.set(jobId, bell);
    const end = followJob({
      ...{ jobs: this.#jobs, jobId, source, priority, slots: this.#slots, slot, bell },
      signal: this.#stop.signal,
      report: (event) => this.#report(event),
      onEnd: () => this.#followed.delete(jobId),
    })
      .then((status) => {
        if (status !== "stopped") this.#outcomes.set(jobId, status === "done" ? "done" : "failed");
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#ends.delete(end));
    this.#ends.add(end);
    return true;
  }

  #counts(): DispatchCounts {
    const outcomes = [...this.#outcomes.values()];
    const done = outcomes.filter((outcome) => outcome === "done").length;
    return { done, failed: outcomes.length - done, refused: this.#refused };
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop.abort();
  }

  #report(event: DispatchEvent, reporters: readonly TaskReporter[] = this.#options.reporters ?? []): void {
    for (const reporter of reporters) {
      const failed = (error: unknown) => {
        if (event.type === "reporter.trouble") return;
        const others = reporters.filter((other) => other !== reporter);
        this.#report({ type: "reporter.trouble", reporter: reporter.name, error: eventError(error) }, others);
      };
      try {
        void Promise.resolve(reporter.report(event)).catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}

function storedTask(
  job: JobRecord,
  description: string | null,
): { readonly task: string; readonly isRedacted: boolean } {
  const { task = description ?? "" } = inputOf(job) as { readonly task?: string };
  return { task, isRedacted: description !== null && task !== description.trim() };
}

function unknownJob(jobId: string): UsageError {
  return new UsageError(`there is no job "${jobId}"`, { code: "job-unknown", hint: 'see the jobs with "orch list"' });
}
