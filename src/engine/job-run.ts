/**
 * Runs one job under one lease: takes what happens (results, timers, signals) one at a time, commits the transition that
 * each causes, and only then starts what the transition wants.
 */

import type { AnyMachineSnapshot } from "xstate";
import type { AbortReason } from "../core/activity.ts";
import type { Clock } from "../core/clock.ts";
import { type ErrorData, errorMessage, OrchError, toErrorData } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Logger } from "../core/log.ts";
import { type Redact, redactJson } from "../core/redact.ts";
import type {
  ActivityRecord,
  ActorRecord,
  JobRecord,
  SignalRecord,
  Step,
  StepCause,
  StepWrite,
  Store,
} from "../store/store.ts";
import { ActivityRun, type AttemptEnd } from "./activity-run.ts";
import { isWithin, ROOT_ACTOR } from "./actor-id.ts";
import type { Committer } from "./committer.ts";
import { isEngineEvent } from "./engine-event.ts";
import type { MachineEvent, PersistedSnapshot } from "./interpreter.ts";
import type { JobUpdate } from "./job-update.ts";
import { leaseLost } from "./lease.ts";
import { BUSY_PAUSE_MS, Patience } from "./patience.ts";
import type { RegisteredWorkflow, Registry } from "./registry.ts";
import { isLimit, nextAttemptDelay } from "./retry.ts";
import { takeEvent } from "./take-event.ts";
import { Timers } from "./timers.ts";
import { type ActivityDefinition, noRetry } from "./workflow.ts";

export interface JobRunDependencies {
  readonly store: Store;
  readonly registry: Registry;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes secrets out of what activities say, before a transition is computed from it. */
  readonly redact: Redact;
  readonly onUpdate: (update: JobUpdate) => void;
  /** Whether the job is still ours, also after a time in which this process stood still. */
  readonly holdsLease: () => boolean;
  /** Whether a process that is gone may have left activities half done: nothing of the job has run here before. */
  readonly mayFindLeft: boolean;
}

/** Something that has happened and waits for its actor's turn. */
interface Delivery {
  readonly actorId: string;
  readonly event: MachineEvent;
  readonly cause: StepCause;
  readonly artifacts: Step["artifacts"];
}

/** A wait that is not worth a reading anew of what the job stands at. */
const SHORT_REST_MS = 1_000;

interface LoadedActor {
  readonly workflow: RegisteredWorkflow;
  /** Undefined until its first transition. */
  snapshot: AnyMachineSnapshot | undefined;
}

type ScheduledActivity = ActivityRun["activity"];

export class JobRun {
  readonly #jobId: string;
  readonly #epoch: number;
  readonly #dependencies: JobRunDependencies;
  readonly #actors = new Map<string, LoadedActor>();
  readonly #activities = new Map<string, ActivityRun>();
  readonly #deliveries: Delivery[] = [];
  /** Timers whose time had passed when the job was taken up: they wait until no signal is left. */
  readonly #overdue: Delivery[] = [];
  readonly #signals = new Map<string, SignalRecord>();
  /** Activities of the run before this one, to be taken up once nothing is left that could end them. */
  readonly #unfinished: ActivityRecord[] = [];
  readonly #timers: Timers;
  readonly #finished = Promise.withResolvers<number | null>();
  #seq: number;
  #job: NonNullable<Step["job"]>;
  #isLoaded = false;
  #isOver = false;
  #isPumping = false;
  #stopping: AbortReason | undefined;
  #failure: unknown;

  constructor(dependencies: JobRunDependencies, job: JobRecord, epoch: number) {
    this.#dependencies = dependencies;
    this.#jobId = job.id;
    this.#epoch = epoch;
    this.#seq = job.nextSeq;
    this.#job = job;
    this.#timers = new Timers(dependencies.clock);
  }

  /**
   * Goes on from what is committed until the job has settled (done, failed, cancelled or paused) or is told to stop: then
   * it returns null. Where the job only waits it ends as well, and returns until when there is nothing to do (infinity if
   * only a signal can change that): all that it waits for stands in the database.
   *
   * @throws OrchError `lease-lost`, `workflow-gone`, `workflow-changed`, or whatever the store threw: in each case the
   * job stands where its last commit left it
   */
  async run(): Promise<number | null> {
    this.#patiently(ROOT_ACTOR, "orch.load", () => {
      this.#load();
      this.#isLoaded = true;
    });
    this.#pump();
    return this.#finished.promise;
  }

  /** Whether it has ended: it takes nothing any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends what runs, keeps what is finished; `run` then returns. */
  stop(reason: AbortReason): void {
    this.#stopping ??= reason;
    this.#timers.clear();
    for (const activity of this.#activities.values()) activity.abort(reason);
    this.#pump();
  }

  /** Fails the run as its lease is gone: another owner may be at work already. */
  loseLease(): void {
    this.#fail(leaseLost(this.#jobId), "lease-lost");
  }

  /** Looks for signals that have come in from outside. */
  checkSignals(): void {
    if (this.#stopping) return;
    this.#patiently(ROOT_ACTOR, "orch.signals", () => {
      for (const signal of this.#dependencies.store.listPendingSignals(this.#jobId)) {
        if (signal.external) this.#signals.set(signal.id, signal);
      }
    });
    this.#pump();
  }

  /** Does what needs the store: now or, while it is busy, after a pause. Whatever else it throws ends the run. */
  #patiently(actorId: string, name: string, act: () => void, patience?: Patience): void {
    const { clock } = this.#dependencies;
    const ours = patience ?? new Patience(clock);
    try {
      act();
    } catch (error) {
      if (!ours.allows(error)) this.#fail(error);
      // A run that is ending leaves it to the next one.
      if (this.#stopping) return;
      const again = () => {
        this.#patiently(actorId, name, act, ours);
        this.#pump();
      };
      this.#timers.set(actorId, name, clock.now() + BUSY_PAUSE_MS, again, { isRow: false });
    }
  }

  #load(): void {
    const signals = this.#dependencies.store.listPendingSignals(this.#jobId);
    for (const signal of signals) if (signal.external) this.#signals.set(signal.id, signal);
    if (this.#job.status !== "paused") this.#loadWork(signals);
  }

  /** What the job was at when it was left: nothing of a paused job moves before it is told to go on. */
  #loadWork(signals: readonly SignalRecord[]): void {
    const { store } = this.#dependencies;
    // All is read before anything of it is begun: a store that is busy is asked again.
    const timers = store.listTimers(this.#jobId);
    const activities = store.listActivities(this.#jobId, { status: "scheduled" });
    for (const { id, actorId, event, external } of signals) {
      if (!external) this.#deliver(actorId, event, { type: "signal", id });
    }
    const now = this.#dependencies.clock.now();
    for (const { actorId, sendId, event, fireAt } of timers) {
      if (fireAt > now) this.#armTimer(actorId, sendId, event, fireAt);
      else this.#overdue.push(toDelivery(actorId, event, { type: "timer", sendId }));
    }
    this.#unfinished.push(...activities);
  }

  /** True if there were any: what came of it is to be taken, too. */
  #takeUpUnfinished(): boolean {
    const unfinished = this.#unfinished.splice(0);
    for (const activity of unfinished) {
      this.#patiently(activity.actorId, activity.effectId, () => {
        const { store, mayFindLeft } = this.#dependencies;
        const found = store.getActivity(activity.effectId);
        if (!found) throw activityLost(activity);
        if (found.status === "scheduled") this.#startAttemptAt(activity, activity.dueAt);
        else if (mayFindLeft) this.#cleanUp(activity);
      });
    }
    return unfinished.length > 0;
  }

  #deliver(actorId: string, event: Json, cause: StepCause, artifacts: Step["artifacts"] = []): void {
    this.#deliveries.push(toDelivery(actorId, event, cause, artifacts));
  }

  /** Takes deliveries until none is left. Called whenever something may have changed. */
  #pump(): void {
    if (this.#isPumping || this.#isOver) return;
    this.#isPumping = true;
    void this.#takeAll();
  }

  /** Never rejects. */
  async #takeAll(): Promise<void> {
    try {
      do {
        for (let delivery = this.#next(); delivery; delivery = this.#next()) {
          if (this.#take(delivery)) await this.#transit(delivery);
        }
      } while (this.#takeUpUnfinished());
    } catch (error) {
      this.#fail(error);
    }
    this.#isPumping = false;
    this.#settle();
  }

  #next(): Delivery | undefined {
    if (this.#failure !== undefined) return undefined;
    return this.#deliveries[0] ?? this.#nextSignal() ?? this.#overdue[0];
  }

  /** Removes the delivery from where it waited. False if it was dropped meanwhile. */
  #take(delivery: Delivery): boolean {
    const waiting = delivery === this.#overdue[0] ? this.#overdue : this.#deliveries;
    if (delivery === waiting[0]) {
      waiting.shift();
      return true;
    }
    return delivery.cause.type === "signal" && this.#signals.delete(delivery.cause.id);
  }

  /** The oldest signal from outside that its actor can take now; the others go on waiting. */
  #nextSignal(): Delivery | undefined {
    // A stopping orchestrator starts nothing new: the signal stays a row.
    if (this.#stopping) return undefined;
    for (const { id, actorId, event } of this.#signals.values()) {
      const actor = this.#actor(actorId);
      const machineEvent = event as unknown as MachineEvent;
      if (!actor?.snapshot || !this.#accepts(actor, machineEvent)) continue;
      return { actorId, event: machineEvent, cause: { type: "signal", id }, artifacts: [] };
    }
    return undefined;
  }

  #accepts({ workflow, snapshot }: LoadedActor, event: MachineEvent): boolean {
    const isPaused = this.#job.status === "paused";
    if (!isEngineEvent(event))
      return !isPaused && snapshot !== undefined && workflow.interpreter.accepts(snapshot, event);
    if (event.type === "orch.cancel") return !this.#job.closed;
    return event.type === "orch.pause" ? !isPaused && this.#isOpen() : isPaused;
  }

  async #transit(delivery: Delivery): Promise<void> {
    const actor = this.#actor(delivery.actorId);
    if (!actor) return;
    const { step: built, snapshot } = this.#toStep(delivery, actor);
    const step = this.#withoutKnown(this.#keepPause(built));
    const outcome = await this.#dependencies.committer.commit(step);
    if (outcome === "lease-lost") return this.loseLease();
    if (outcome === "late") return;
    this.#seq += 1;
    if (step.job) this.#job = step.job;
    if (step.actorStatus === "active") actor.snapshot = snapshot;
    else this.#actors.delete(step.actorId);
    this.#tell({ type: "step", step });
    for (const write of step.writes) this.#act(step, write);
    if (delivery.event.type === "orch.pause") this.stop("shutdown");
    if (delivery.event.type === "orch.continue")
      this.#loadWork(this.#dependencies.store.listPendingSignals(this.#jobId));
  }

  #toStep({ cause, artifacts, ...delivery }: Delivery, { workflow, snapshot }: LoadedActor) {
    const { clock, registry } = this.#dependencies;
    const taken = takeEvent({
      ...delivery,
      jobId: this.#jobId,
      seq: this.#seq,
      now: clock.now(),
      snapshot,
      interpreter: workflow.interpreter,
      registry,
    });
    const step: Step = { ...taken.step, epoch: this.#epoch, cause, artifacts };
    return { snapshot: taken.snapshot, step };
  }

  /** What was still under way when the job was paused may move its machine on; the job stays paused. */
  #keepPause(step: Step): Step {
    const { type } = step.event as unknown as MachineEvent;
    const isPaused = type === "orch.pause" || (this.#job.status === "paused" && type !== "orch.continue");
    if (!step.job || step.job.closed || !isPaused) return step;
    return { ...step, job: { ...step.job, status: "paused" } };
  }

  /** What is said of the job is written only where it changes: that is seldom. */
  #withoutKnown(step: Step): Step {
    const { job } = step;
    return job && isSameSaid(job, this.#job) ? { ...step, job: null } : step;
  }

  /** After the commit: does what a write stands for in this process. */
  #act(step: Step, write: StepWrite): void {
    const { actorId } = step;
    switch (write.type) {
      case "activity": {
        const { effectId, invokeId, name, input } = write;
        const jobId = this.#jobId;
        this.#startAttempt({
          effectId,
          jobId,
          actorId,
          invokeId,
          name,
          input,
          attempt: 1,
          scheduledAt: step.at,
          heartbeat: null,
        });
        return;
      }
      case "actor":
        return;
      case "signal":
        this.#deliver(write.actorId, write.event, { type: "signal", id: write.id });
        return;
      case "timer":
        this.#forgetTimer(actorId, write.sendId);
        this.#armTimer(actorId, write.sendId, write.event, write.fireAt);
        return;
      case "cancel-timer":
        this.#forgetTimer(actorId, write.sendId);
        return;
      case "stop":
        this.#abortActivities((run) => run.activity.actorId === actorId && run.activity.invokeId === write.invokeId);
        this.#forget((id) => isWithin(id, write.childId));
        return;
      case "stop-all":
        this.#forget((id) => isWithin(id, actorId));
        return;
    }
  }

  /** Ends whatever belongs to actors that the database has just ended. */
  #forget(isGone: (actorId: string) => boolean): void {
    this.#abortActivities((run) => isGone(run.activity.actorId));
    this.#timers.cancelWhere(isGone);
    for (const id of [...this.#actors.keys()]) if (isGone(id)) this.#actors.delete(id);
    for (const [id, signal] of this.#signals) if (isGone(signal.actorId)) this.#signals.delete(id);
    this.#dropDeliveries(({ actorId }) => isGone(actorId));
  }

  /** One that has fired but was not delivered is undone too: its row is gone by now, or is a new timer's of that name. */
  #forgetTimer(actorId: string, sendId: string): void {
    this.#timers.cancel(actorId, sendId);
    this.#dropDeliveries(
      ({ actorId: of, cause }) => of === actorId && cause.type === "timer" && cause.sendId === sendId,
    );
  }

  #dropDeliveries(isStale: (delivery: Delivery) => boolean): void {
    for (const waiting of [this.#deliveries, this.#overdue]) {
      if (waiting.length === 0) continue;
      const kept = waiting.filter((delivery) => !isStale(delivery));
      waiting.splice(0, waiting.length, ...kept);
    }
  }

  #abortActivities(isUnwanted: (run: ActivityRun) => boolean): void {
    for (const run of this.#activities.values()) if (isUnwanted(run)) run.abort("cancelled");
  }

  #armTimer(actorId: string, sendId: string, event: Json, fireAt: number): void {
    if (this.#stopping) return;
    this.#timers.set(actorId, sendId, fireAt, () => {
      this.#deliver(actorId, event, { type: "timer", sendId });
      this.#pump();
    });
  }

  /** Begins the attempt that follows the recorded one: after a crash, or when a retry is due. */
  #startAttemptAt(activity: ActivityRecord, dueAt: number): void {
    if (this.#stopping) return;
    const { actorId, effectId } = activity;
    const attempt = activity.attempt + 1;
    // By the activity's own id: an invoke id may be in use again by the time a cancelled retry would be due.
    const start = () =>
      this.#patiently(actorId, effectId, () => {
        if (!this.#dependencies.store.beginAttempt({ effectId, epoch: this.#epoch, attempt })) return;
        this.#startAttempt({ ...activity, attempt });
      });
    const startLater = () => {
      start();
      // It may not have been wanted any more: then the job only waits now.
      this.#pump();
    };
    if (dueAt <= this.#dependencies.clock.now()) start();
    else this.#timers.set(actorId, effectId, dueAt, startLater);
  }

  #startAttempt(activity: ScheduledActivity): void {
    if (this.#stopping) return;
    const definition = this.#dependencies.registry.activity(activity.name);
    if (!definition) {
      this.#finishActivity(activity, {
        type: "failed",
        error: new OrchError(`no activity is registered under the name "${activity.name}"`, {
          code: "activity-unknown",
        }),
      });
      return;
    }
    const run = this.#beginRun(activity, definition);
    this.#tell({ type: "attempt", activity });
    this.#follow(run, (end) => this.#finishActivity(activity, end));
  }

  /** What it was to do is not wanted any more, but the process that is gone may have left it half done. */
  #cleanUp(activity: ActivityRecord): void {
    const { registry, log } = this.#dependencies;
    const cleanUp = registry.activity(activity.name)?.cleanUp;
    if (!cleanUp || this.#stopping) return;
    this.#follow(this.#beginRun(activity, { run: cleanUp }), (end) => {
      if (end.type === "failed") log.warn(`what ${activity.name} left could not be ended: ${errorMessage(end.error)}`);
    });
  }

  #beginRun(activity: ScheduledActivity, definition: ActivityDefinition): ActivityRun {
    const { store, clock, log, redact, holdsLease } = this.#dependencies;
    const run = new ActivityRun({
      activity,
      definition,
      epoch: this.#epoch,
      store,
      clock,
      log,
      redact,
      onHeartbeat: (details) => this.#tell({ type: "heartbeat", activity, details }),
      onRefused: () => this.#checkLease(),
      holdsLease,
    });
    // Known from the start: whoever is told of it may stop it at once.
    this.#activities.set(activity.effectId, run);
    return run;
  }

  #follow(run: ActivityRun, onEnd: (end: AttemptEnd) => void): void {
    const { effectId } = run.activity;
    void run.end.then((end) => {
      this.#activities.delete(effectId);
      onEnd(end);
      this.#pump();
    });
  }

  #finishActivity(activity: ScheduledActivity, end: AttemptEnd): void {
    if (end.type === "aborted" || this.#failure !== undefined) return;
    const { effectId, attempt, actorId, invokeId } = activity;
    if (end.type === "completed") {
      const event = { type: `xstate.done.actor.${invokeId}`, output: end.output, actorId: invokeId };
      this.#deliver(actorId, event, { type: "activity", effectId, invokeId, attempt, error: null }, end.artifacts);
      return;
    }
    if (end.type === "store-failed") {
      this.#fail(end.error);
      return;
    }
    const error = this.#redactError(end.error);
    this.#patiently(actorId, effectId, () => {
      if (this.#retry(activity, error)) return;
      const event = { type: `xstate.error.actor.${invokeId}`, error: error as unknown as Json, actorId: invokeId };
      this.#deliver(actorId, event, { type: "activity", effectId, invokeId, attempt, error });
    });
  }

  #redactError(thrown: unknown): ErrorData {
    return redactJson(toErrorData(thrown) as unknown as Json, this.#dependencies.redact) as unknown as ErrorData;
  }

  /** True if the activity is to be tried again, or its result is no longer wanted. */
  #retry(activity: ScheduledActivity, error: ErrorData): boolean {
    const { store, registry, clock } = this.#dependencies;
    const record = store.getActivity(activity.effectId);
    if (record?.status !== "scheduled") return true;
    const policy = registry.activity(activity.name)?.retry ?? noRetry;
    const { effectId, attempt } = activity;
    const delay = nextAttemptDelay(policy, error, { failures: record.failures + 1, attempt });
    if (delay === null) return false;
    const dueAt = clock.now() + delay;
    const isFailure = !isLimit(error);
    if (store.scheduleRetry({ effectId, epoch: this.#epoch, attempt, dueAt, error, isFailure })) {
      this.#tell({ type: "retry", activity, error, dueAt });
      this.#startAttemptAt({ ...record, attempt }, dueAt);
    }
    return true;
  }

  /** A refused heartbeat means a lost lease, or only that the result is no longer wanted. */
  #checkLease(): void {
    const lease = this.#dependencies.store.getJob(this.#jobId)?.lease;
    if (lease?.epoch !== this.#epoch) this.loseLease();
  }

  /** Whoever watches a job cannot break it. */
  #tell(update: JobUpdate): void {
    try {
      this.#dependencies.onUpdate(update);
    } catch (error) {
      this.#dependencies.log.warn(`a watcher of job ${this.#jobId} failed: ${errorMessage(error)}`);
    }
  }

  #actor(actorId: string): LoadedActor | undefined {
    const loaded = this.#actors.get(actorId);
    if (loaded) return loaded;
    const record = this.#dependencies.store.getActor(this.#jobId, actorId);
    if (record?.status !== "active") return undefined;
    const workflow = this.#dependencies.registry.exact(record);
    const actor: LoadedActor = { workflow, snapshot: restoreSnapshot(workflow, record) };
    this.#actors.set(actorId, actor);
    return actor;
  }

  #fail(error: unknown, reason: AbortReason = "shutdown"): void {
    this.#failure ??= error ?? new Error("unknown failure");
    this.stop(reason);
  }

  #isOpen(): boolean {
    const { status, closed } = this.#job;
    return !closed && (status === "running" || status === "waiting");
  }

  #settle(): void {
    if (this.#activities.size > 0) return;
    if (this.#failure !== undefined) {
      this.#end();
      this.#finished.reject(this.#failure);
      return;
    }
    if (!this.#stopping && (this.#isOpen() || !this.#isLoaded)) {
      const rest = this.#timers.next();
      const isLong = rest - this.#dependencies.clock.now() >= SHORT_REST_MS;
      if (!isLong || !this.#timers.areRows()) return;
      this.#end();
      this.#finished.resolve(rest);
      return;
    }
    this.#end();
    this.#finished.resolve(null);
  }

  #end(): void {
    this.#isOver = true;
    this.#timers.clear();
  }
}

function toDelivery(actorId: string, event: Json, cause: StepCause, artifacts: Step["artifacts"] = []): Delivery {
  return { actorId, event: event as unknown as MachineEvent, cause, artifacts };
}

function activityLost({ effectId, name, jobId }: ActivityRecord): OrchError {
  return new OrchError(`no entry of job ${jobId}'s history scheduled ${name} (${effectId}), which is to be run`, {
    code: "database-damaged",
    hint: "the database is damaged; other jobs in it may be whole",
  });
}

/** Outputs and errors come last and are not compared: one that is there may be a new one. */
function isSameSaid(said: NonNullable<Step["job"]>, before: NonNullable<Step["job"]>): boolean {
  const isPlain = said.output === null && said.error === null && before.output === null && before.error === null;
  return isPlain && said.status === before.status && said.closed === before.closed;
}

/** @throws OrchError `snapshot-unreadable`: what the store gave is not what was committed */
function restoreSnapshot({ interpreter }: RegisteredWorkflow, { id, jobId, snapshot }: ActorRecord) {
  if (snapshot === null) return undefined;
  try {
    return interpreter.restore(JSON.parse(snapshot) as PersistedSnapshot);
  } catch (error) {
    throw new OrchError(`where ${id} of job ${jobId} stands cannot be read: ${errorMessage(error)}`, {
      code: "snapshot-unreadable",
      hint: "the database is damaged; other jobs in it may be whole",
      cause: error,
    });
  }
}
