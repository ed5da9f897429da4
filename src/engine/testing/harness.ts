/** An engine on a real store, with a clock that the test moves. */

import { expect, onTestFinished } from "vitest";
import { ManualClock } from "../../core/clock.ts";
import { silentLogger } from "../../core/log.ts";
import type { Redact } from "../../core/redact.ts";
import { openSqliteStore } from "../../store/sqlite/open.ts";
import type { JobRecord, Owner, Store } from "../../store/store.ts";
import { createEngine, type Engine } from "../engine.ts";
import type { JobUpdate } from "../job-update.ts";
import { Registry } from "../registry.ts";
import { replay } from "../replay.ts";
import type { ActivityDefinition, Workflow } from "../workflow.ts";

export interface HarnessOptions {
  readonly workflows: readonly Workflow[];
  readonly activities?: Readonly<Record<string, ActivityDefinition>>;
  /** Of the database; default: one in memory. */
  readonly path?: string;
  /** Instead of a path: a store that is open already. */
  readonly store?: Store;
  readonly clock?: ManualClock;
  readonly owner?: Owner;
  readonly isGone?: (owner: Owner) => boolean;
  readonly redact?: Redact;
  readonly onRest?: (isResting: boolean) => void;
}

export interface Harness {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: ManualClock;
  /** Of the same workflows and activities, for replay. */
  readonly registry: Registry;
  readonly warnings: readonly string[];
}

export const firstOwner: Owner = { host: "here", bootId: "boot", pid: 1, processStart: "10" };
export const secondOwner: Owner = { ...firstOwner, pid: 2, processStart: "20" };

export async function openHarness(options: HarnessOptions): Promise<Harness> {
  const { workflows, activities = {}, clock = new ManualClock(), owner = firstOwner, isGone = () => false } = options;
  const { redact = (text: string) => text } = options;
  const store = options.store ?? (await openSqliteStore(options.path ?? ":memory:"));
  const registry = new Registry(workflows, activities);
  onTestFinished(() => {
    try {
      expectReplays(store, registry);
    } finally {
      store.close();
    }
  });
  const warnings: string[] = [];
  const log = { ...silentLogger, warn: (message: string) => warnings.push(message) };
  const engine = createEngine({
    store,
    workflows,
    activities,
    clock,
    owner,
    isGone,
    logFor: () => log,
    redactFor: () => redact,
    onRest: options.onRest ?? (() => {}),
  });
  return { engine, store, clock, registry, warnings };
}

/** Keeps what a job tells, and waits for what it will tell. */
export class Watcher {
  readonly updates: JobUpdate[] = [];
  readonly #waiting = new Set<() => void>();

  readonly onUpdate = (update: JobUpdate): void => {
    this.updates.push(update);
    for (const look of this.#waiting) look();
  };

  /** Resolves as soon as an update of that kind has come, or had come before. */
  until(matches: (update: JobUpdate) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.updates.some(matches)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Until the actor has taken a step to that state. */
  state(value: string, actorId = "job"): Promise<void> {
    return this.until(
      (update) => update.type === "step" && update.step.actorId === actorId && update.step.state === value,
    );
  }

  attempt(name: string, attempt = 1): Promise<void> {
    return this.until(
      (update) => update.type === "attempt" && update.activity.name === name && update.activity.attempt === attempt,
    );
  }

  retry(name: string, attempt = 1): Promise<void> {
    return this.until(
      (update) => update.type === "retry" && update.activity.name === name && update.activity.attempt === attempt,
    );
  }
}

/** The states that the job's root, or another actor, went through. */
export function statesOf(store: Store, jobId = "j", actorId = "job"): unknown[] {
  return store.listHistory(jobId).flatMap((entry) => (entry.actorId === actorId ? [entry.state] : []));
}

export function eventsOf(store: Store, jobId = "j", actorId = "job"): unknown[] {
  return store
    .listHistory(jobId)
    .flatMap((entry) => (entry.actorId === actorId ? [(entry.event as { type: string }).type] : []));
}

/** Lets everything that is ready happen: promises, immediates. For tests that say that something does not happen. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

/** Promise 8, at the end of each test, of whatever job it had. A store that was closed meanwhile is opened by another harness. */
function expectReplays(store: Store, registry: Registry): void {
  for (const { id } of jobsOf(store)) {
    const history = store.listHistory(id);
    expect(replay(history, registry)).toEqual({ same: history.length, divergence: null });
  }
}

function jobsOf(store: Store): readonly JobRecord[] {
  try {
    return store.listJobs({ limit: 1000 });
  } catch (error) {
    if (/not open/.test(String(error))) return [];
    throw error;
  }
}

export function expectNothingLeft(store: Store, jobId = "j"): void {
  expect(store.listPendingSignals(jobId)).toEqual([]);
  expect(store.listTimers(jobId)).toEqual([]);
  expect(store.listActivities(jobId, { status: "scheduled" })).toEqual([]);
  expect(store.listActors(jobId).filter(({ status }) => status === "active")).toEqual([]);
}
