/** One attempt of an activity: its context, its time-outs, its end. It commits nothing but heartbeats. */

import { type AbortReason, ActivityAborted, type ActivityContext } from "../core/activity.ts";
import type { Clock } from "../core/clock.ts";
import { errorMessage, OrchError } from "../core/errors.ts";
import { type Json, toJson } from "../core/json.ts";
import type { Logger } from "../core/log.ts";
import { type Redact, redactJson } from "../core/redact.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { ActivityRecord, Store } from "../store/store.ts";
import { isBusy, patiently } from "./patience.ts";
import type { ActivityDefinition } from "./workflow.ts";

/** Heartbeats closer together than this are kept in memory until the next. */
const HEARTBEAT_INTERVAL_MS = 1000;

export type AttemptEnd =
  | { readonly type: "completed"; readonly output: Json; readonly artifacts: readonly Artifact[] }
  | { readonly type: "failed"; readonly error: unknown }
  /** It stopped because it was told to; nothing is to be reported. */
  | { readonly type: "aborted" }
  /** The store failed under it: that is no failure of the activity, and nobody can note one now. */
  | { readonly type: "store-failed"; readonly error: unknown };

export interface Artifact {
  readonly name: string;
  readonly content: Json;
}

export interface AttemptParams {
  readonly activity: Pick<
    ActivityRecord,
    "effectId" | "jobId" | "actorId" | "invokeId" | "name" | "input" | "attempt" | "scheduledAt" | "heartbeat"
  >;
  readonly definition: ActivityDefinition;
  readonly epoch: number;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Applied to all that the activity says, before anybody else has it. */
  readonly redact: Redact;
  /** Called with each heartbeat's details, for those who watch. */
  readonly onHeartbeat: (details: Json) => void;
  /** Called when a heartbeat could not be written because the job has another owner, or nobody wants the result. */
  readonly onRefused: () => void;
  readonly holdsLease: () => boolean;
}

export class ActivityRun {
  readonly activity: AttemptParams["activity"];
  /** Never rejects. */
  readonly end: Promise<AttemptEnd>;
  readonly #params: AttemptParams;
  readonly #abort = new AbortController();
  readonly #artifacts = new Map<string, Json>();
  /** What the meters show and is not on disk yet. */
  readonly #usage = new Map<string, TokenUsage>();
  #lastBeatAt: number;
  #pendingBeat: { readonly details: Json } | undefined;
  #cancelFlush: (() => void) | undefined;
  #cancelSilence: (() => void) | undefined;
  #timeout: OrchError | undefined;
  #storeFailure: { readonly error: unknown } | undefined;

  constructor(params: AttemptParams) {
    this.#params = params;
    this.activity = params.activity;
    this.#lastBeatAt = params.clock.now() - HEARTBEAT_INTERVAL_MS;
    this.end = this.#run();
  }

  abort(reason: AbortReason): void {
    this.#abort.abort(new ActivityAborted(reason));
  }

  async #run(): Promise<AttemptEnd> {
    // Whoever made the run must know it before the activity's first word.
    await Promise.resolve();
    if (this.#abort.signal.aborted) return { type: "aborted" };
    const { definition, clock, activity } = this.#params;
    const cancelLimit =
      definition.startToCloseMs === undefined
        ? () => {}
        : clock.setTimer(() => this.#timeOut("took longer than", definition.startToCloseMs), definition.startToCloseMs);
    this.#watchSilence();
    try {
      const output = await definition.run(activity.input as never, this.#context());
      if (this.#timeout) return { type: "failed", error: this.#timeout };
      const artifacts = [...this.#artifacts].map(([name, content]) => ({ name, content }));
      return { type: "completed", output: this.#clean(output ?? null, `output of ${activity.name}`), artifacts };
    } catch (error) {
      if (this.#timeout) return { type: "failed", error: this.#timeout };
      if (this.#abort.signal.aborted) return { type: "aborted" };
      return this.#storeFailure ? { type: "store-failed", ...this.#storeFailure } : { type: "failed", error };
    } finally {
      cancelLimit();
      this.#cancelSilence?.();
      this.#flush();
      this.#cancelFlush?.();
      if (this.#usage.size > 0) await this.#settleUsage();
    }
  }

  #context(): ActivityContext {
    const { activity, log, redact } = this.#params;
    return {
      jobId: activity.jobId,
      effectId: activity.effectId,
      invokeId: activity.invokeId,
      attempt: activity.attempt,
      scheduledAt: activity.scheduledAt,
      lastHeartbeat: activity.heartbeat ?? undefined,
      signal: this.#abort.signal,
      holdsJob: () => this.#holdsJob(),
      log,
      redact,
      heartbeat: (details) => this.#beat(details),
      checkpoint: (details) => this.#checkpoint(details),
      recordUsage: (meter, usage) => {
        this.#usage.set(meter, usage);
        this.#flush();
      },
      putArtifact: (name, content) => this.#artifacts.set(name, this.#clean(content, `artifact ${name}`)),
      getArtifact: (name) => this.#artifacts.get(name) ?? this.#readArtifact(name),
    };
  }

  /** While the store is busy, it waits: whoever went on would believe that it is on disk. */
  async #checkpoint(details: Json): Promise<void> {
    const { signal } = this.#abort;
    this.#note(details);
    let isTaken = false;
    try {
      isTaken = await patiently(this.#params.clock, () => !signal.aborted && this.#write());
    } catch (error) {
      this.#storeFailure ??= { error };
      throw error;
    }
    if (!isTaken) throw signal.reason ?? new ActivityAborted("cancelled");
  }

  #clean(value: unknown, what: string): Json {
    return redactJson(toJson(value, what), this.#params.redact);
  }

  #holdsJob(): boolean {
    try {
      return this.#params.holdsLease();
    } catch (error) {
      this.#storeFailure ??= { error };
      throw error;
    }
  }

  #readArtifact(name: string): Json | undefined {
    try {
      return this.#params.store.getArtifact(this.activity.jobId, name)?.content;
    } catch (error) {
      this.#storeFailure ??= { error };
      throw error;
    }
  }

  /** What was paid for is noted before the result is. If it cannot be, the result cannot either: that will be said. */
  async #settleUsage(): Promise<void> {
    try {
      await patiently(this.#params.clock, () => this.#writeUsage());
    } catch (error) {
      this.#params.log.warn(`what ${this.activity.name} cost could not be written: ${errorMessage(error)}`);
    }
  }

  #writeUsage(): void {
    const {
      activity: { jobId },
      epoch,
    } = this.#params;
    for (const [meter, usage] of [...this.#usage]) {
      this.#params.store.recordUsage({ jobId, epoch, meter, usage });
      this.#usage.delete(meter);
    }
  }

  #beat(details: Json): void {
    this.#note(details);
    const wait = this.#lastBeatAt + HEARTBEAT_INTERVAL_MS - this.#params.clock.now();
    if (wait <= 0) this.#flush();
    else this.#flushIn(wait);
  }

  #note(details: Json): void {
    const clean = this.#clean(details, "heartbeat");
    this.#pendingBeat = { details: clean };
    this.#watchSilence();
    this.#params.onHeartbeat(clean);
  }

  /** A heartbeat that cannot be written is not the activity's failure: the next one, or its result, will show. */
  #flush(): void {
    try {
      this.#write();
    } catch (error) {
      if (!isBusy(error)) {
        this.#params.log.warn(`a heartbeat of ${this.activity.name} could not be written: ${errorMessage(error)}`);
      }
      this.#flushIn(HEARTBEAT_INTERVAL_MS);
    }
  }

  #flushIn(delayMs: number): void {
    this.#cancelFlush ??= this.#params.clock.setTimer(() => this.#flush(), delayMs);
  }

  /** Writes what waits to be written. False if the heartbeat is not the store's to take any more. */
  #write(): boolean {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#writeUsage();
    if (!this.#pendingBeat) return true;
    const { activity, epoch, store, clock, onRefused } = this.#params;
    const { details } = this.#pendingBeat;
    const { effectId, attempt } = activity;
    // Noted before the write: one that fails is not tried again at once.
    this.#lastBeatAt = clock.now();
    const isTaken = store.heartbeat({ effectId, epoch, attempt, details, now: this.#lastBeatAt });
    this.#pendingBeat = undefined;
    if (!isTaken) onRefused();
    return isTaken;
  }

  #watchSilence(): void {
    const { definition, clock } = this.#params;
    if (definition.heartbeatTimeoutMs === undefined) return;
    this.#cancelSilence?.();
    const limit = definition.heartbeatTimeoutMs;
    this.#cancelSilence = clock.setTimer(() => this.#timeOut("sent no heartbeat for", limit), limit);
  }

  #timeOut(what: string, limitMs: number | undefined): void {
    // What was told to stop may take its time: that is not the activity's failure.
    if (this.#abort.signal.aborted) return;
    const { activity } = this.#params;
    this.#timeout ??= new OrchError(`${activity.name} ${what} ${limitMs} ms`, {
      code: "activity-timed-out",
      retryable: true,
      hint: "it is tried again as its retry policy allows",
    });
    this.abort("timeout");
  }
}
