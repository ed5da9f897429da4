/** The engine's public face: start jobs, run them, signal them. */

import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../core/clock.ts";
import { errorMessage, UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { type Json, toJson } from "../core/json.ts";
import { type Logger, silentLogger } from "../core/log.ts";
import { type Redact, redactJson } from "../core/redact.ts";
import type { JobRecord, Owner, SignalOutcome, Store } from "../store/store.ts";
import { ROOT_ACTOR } from "./actor-id.ts";
import { Committer } from "./committer.ts";
import { HeldJob, HeldJobs } from "./held-job.ts";
import type { JobUpdate } from "./job-update.ts";
import { keepCharts } from "./kept-charts.ts";
import { heldElsewhere, LEASE_TTL_MS } from "./lease.ts";
import { refuseParked } from "./parked.ts";
import { BUSY_PAUSE_MS, isBusy } from "./patience.ts";
import { Registry } from "./registry.ts";
import type { ActivityDefinition, Workflow } from "./workflow.ts";

export interface EngineOptions {
  readonly store: Store;
  readonly workflows: readonly Workflow[];
  readonly activities: Readonly<Record<string, ActivityDefinition>>;
  /** Who we are, for leases. */
  readonly owner: Owner;
  /** Whether that owner is certainly dead: a process of this host that is no more. */
  readonly isGone: (owner: Owner) => boolean;
  readonly clock?: Clock;
  /** Where a job's activities and troubles are logged. Default: nowhere. */
  readonly logFor?: (jobId: string) => Logger;
  /**
   * Takes secrets out of texts. It is applied to all that comes from outside before anything is computed from it or
   * committed: an activity's output, error, heartbeats and artifacts, and a signal's event. Default: nothing is.
   */
  readonly redactFor?: (jobId: string) => Redact;
  /** Told that there is something to do (false), and that all jobs that run here only wait (true). In turns. */
  readonly onRest?: (isResting: boolean) => void;
}

export interface StartParams {
  readonly workflow: string;
  readonly jobId: string;
  readonly input: unknown;
  /** Short facts for lists. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RunParams {
  /** Stops the run gently: what runs is ended, what is finished is kept, the job can be resumed. */
  readonly signal?: AbortSignal;
  /** Called when the job is ours, before anything of it goes on. */
  readonly onAcquired?: () => void;
  readonly onUpdate?: (update: JobUpdate) => void;
}

export interface SignalParams {
  readonly jobId: string;
  readonly event: { readonly type: string; readonly [key: string]: Json };
  /** The same id is taken once. Default: a new one. */
  readonly id?: string;
  /** Default: the job's root machine. */
  readonly actorId?: string;
}

export class Engine {
  readonly #options: EngineOptions;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logFor: (jobId: string) => Logger;
  readonly #redactFor: (jobId: string) => Redact;
  readonly #registry: Registry;
  readonly #committer: Committer;
  readonly #shared: HeldJobs;
  readonly #held = new Map<string, HeldJob>();
  #endFeed: (() => void) | undefined;
  #hasKeptCharts = false;

  /** @throws OrchError `workflow-refused` with every reason why a workflow could not run durably */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#clock = options.clock ?? systemClock;
    this.#logFor = options.logFor ?? (() => silentLogger);
    this.#redactFor = options.redactFor ?? (() => (text) => text);
    this.#registry = new Registry(options.workflows, options.activities);
    this.#committer = new Committer(this.#store, this.#clock, () => this.#shared.working <= 1);
    this.#shared = new HeldJobs({
      store: this.#store,
      registry: this.#registry,
      committer: this.#committer,
      clock: this.#clock,
      onRest: options.onRest ?? (() => {}),
    });
  }

  /**
   * Commits a new job; nothing of it runs until `run`.
   *
   * @throws UsageError `job-exists`
   */
  start({ workflow: name, jobId, input, labels = {} }: StartParams): JobRecord {
    const workflow = this.#registry.newest(name);
    if (!workflow) throw new UsageError(`there is no workflow "${name}"`, { code: "workflow-unknown" });
    if (!this.#hasKeptCharts) keepCharts(this.#store, this.#registry);
    this.#hasKeptCharts = true;
    const created = this.#store.createJob({
      id: jobId,
      workflow: name,
      version: workflow.version,
      definitionHash: workflow.definitionHash,
      input: toJson(input, "input"),
      labels,
      now: this.#clock.now(),
    });
    if (!created) {
      throw new UsageError(`a job ${jobId} exists already`, {
        code: "job-exists",
        hint: `go on with it by "orch resume ${jobId}", or choose another id`,
      });
    }
    return this.#job(jobId);
  }

  /**
   * Runs a job, from wherever it stands, until it has settled or the signal says stop. Returns the job as it is then.
   *
   * @throws UsageError `job-unknown`
   * @throws OrchError `job-running-elsewhere`, `lease-lost`, `workflow-gone`, `workflow-changed`, or the store's own
   */
  async run(jobId: string, { signal, onAcquired, onUpdate = () => {} }: RunParams = {}): Promise<JobRecord> {
    if (signal?.aborted) return this.#job(jobId);
    const held = await this.#hold(jobId, onUpdate);
    const stop = () => held.stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      if (!signal?.aborted) {
        onAcquired?.();
        await held.run();
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      await this.#letGo(held);
    }
    return this.#job(jobId);
  }

  async #hold(jobId: string, onUpdate: (update: JobUpdate) => void): Promise<HeldJob> {
    const acquired = await this.#committer.act(() => this.#acquire(jobId));
    const says = { log: this.#logFor(jobId), redact: this.#redactFor(jobId), onUpdate };
    const held = new HeldJob(this.#shared, { ...acquired, ...says });
    this.#held.set(jobId, held);
    this.#endFeed ??= this.#store.onForeignCommit(() => this.#checkSignals());
    return held;
  }

  async #letGo(held: HeldJob): Promise<void> {
    const { jobId, epoch } = held;
    held.end();
    // Whoever has lost its lease may find the job held here again.
    if (this.#held.get(jobId) === held) this.#held.delete(jobId);
    if (this.#held.size === 0) {
      this.#endFeed?.();
      this.#endFeed = undefined;
    }
    try {
      await this.#committer.act(() => this.#store.releaseLease({ jobId, epoch }));
    } catch (error) {
      // It runs out by itself, or is taken over as soon as this process is gone.
      held.log.warn(`the lease of job ${jobId} could not be released: ${errorMessage(error)}`);
    }
  }

  /**
   * Commits an event for a job, whoever runs it and whether or not it runs now.
   *
   * @throws UsageError `bad-signal`
   */
  signal({ jobId, event, id = randomUUID(), actorId = ROOT_ACTOR }: SignalParams): SignalOutcome {
    checkSignal(jobId, id, event.type);
    const outcome = this.#store.addSignal({
      jobId,
      id,
      actorId,
      event: redactJson(toJson(event, "event"), this.#redactFor(jobId)),
      now: this.#clock.now(),
    });
    this.#held.get(jobId)?.checkSignals();
    return outcome;
  }

  /** Another process has committed something: one question for all jobs that run here. */
  #checkSignals(): void {
    if (this.#held.size === 0) return;
    try {
      for (const { jobId, newest } of this.#store.listSignalledJobs()) this.#held.get(jobId)?.checkSignalsUpTo(newest);
    } catch (error) {
      // Worse than busy: then each job looks for itself, and says what it met.
      if (!isBusy(error)) for (const held of this.#held.values()) held.checkSignals();
      else this.#clock.setTimer(() => this.#checkSignals(), BUSY_PAUSE_MS);
    }
  }

  /** In one transaction: what the job is when it becomes ours. */
  #acquire(jobId: string) {
    const { owner, isGone } = this.#options;
    const job = this.#job(jobId);
    refuseParked(this.#store, this.#registry, jobId);
    const now = this.#clock.now();
    const lease = this.#store.acquireLease({ jobId, owner, now, ttlMs: LEASE_TTL_MS, isGone });
    if (!lease.acquired) throw heldElsewhere(jobId, lease.heldBy);
    return { job, epoch: lease.epoch, expiresAt: now + LEASE_TTL_MS };
  }

  #job(jobId: string): JobRecord {
    const job = this.#store.getJob(jobId);
    if (job) return job;
    throw new UsageError(`there is no job ${jobId}`, { code: "job-unknown", hint: `see "orch list"` });
  }
}

/** From outside nobody may speak as the engine does: with its events (a result, a timer) or under its ids. */
function checkSignal(jobId: string, id: string, type: string): void {
  if (type === "" || type === "*" || type.startsWith("xstate.")) {
    throw new UsageError(`"${printable(type)}" is not an event that can be sent to a job`, { code: "bad-signal" });
  }
  if (id === "" || id === "init" || id.startsWith(`${jobId}:`)) {
    throw new UsageError(`"${printable(id)}" cannot be the id of a signal`, {
      code: "bad-signal",
      hint: "leave the id out, or choose another",
    });
  }
}

/** Makes an engine on a store. See `EngineOptions`. */
export function createEngine(options: EngineOptions): Engine {
  return new Engine(options);
}
