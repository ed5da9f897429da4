/** A job in a program's hand: its events in, what is committed and its result out, whatever process runs it. */

import { systemClock } from "../core/clock.ts";
import { type ErrorData, OrchError, UsageError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { ROOT_ACTOR } from "../engine/actor-id.ts";
import type { WorkflowDefinition, WorkflowEvent, WorkflowOutput } from "../engine/define-workflow.ts";
import type { Engine, SignalParams } from "../engine/engine.ts";
import type { PersistedSnapshot } from "../engine/interpreter.ts";
import { patiently } from "../engine/patience.ts";
import type { JobStatus, Store } from "../store/store.ts";
import type { BackgroundRuns } from "./background-runs.ts";

/** What another process commits is noticed at once, most often; this is for a notice that was missed. */
const LOOK_AGAIN_MS = 1000;
const PAGE = 200;

/** Something that happened to a job, as it is committed. */
export interface JobEntry {
  /** 1 for the first. */
  readonly seq: number;
  /** `job` for the job's own machine, `job/<child>` for a child. */
  readonly actorId: string;
  readonly event: { readonly type: string } & Readonly<Record<string, Json>>;
  /** The state value of that machine after it. */
  readonly state: Json;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Where a job stands. */
export interface JobStanding {
  /** What the tags of its state say: `waiting`, `failed`, `cancelled`; else `running`, or `done` at its end. */
  readonly status: JobStatus;
  /** Whether its machine has come to its end: nothing can change it any more. */
  readonly isOver: boolean;
  /** State value and context of its machine; null before its first transition. */
  readonly state: Json | null;
  readonly context: Json | null;
  readonly output: Json | null;
  readonly error: ErrorData | null;
}

export interface SignalOptions {
  /** The same id is taken once, also by another process. Default: a new one. */
  readonly id?: string;
}

export class DurableJob<Definition extends WorkflowDefinition = WorkflowDefinition> {
  readonly id: string;
  readonly #engine: Engine;
  readonly #store: Store;
  readonly #runs: BackgroundRuns;

  /** @internal Made by an engine. */
  constructor(id: string, engine: Engine, store: Store, runs: BackgroundRuns) {
    this.id = id;
    this.#engine = engine;
    this.#store = store;
    this.#runs = runs;
  }

  /**
   * Commits an event for the job's machine. It waits there until the machine can take it, and is taken once. Resolves
   * when it is on disk.
   *
   * @throws UsageError `job-closed`: the job is over; `bad-signal`
   */
  async signal(event: WorkflowEvent<Definition>, { id }: SignalOptions = {}): Promise<void> {
    await this.#send(event as unknown as SignalParams["event"], id);
  }

  /** Ends the job for good; what runs is aborted. A machine that has something to undo is better sent an event of its own. */
  cancel(): Promise<void> {
    return this.#send({ type: "orch.cancel" });
  }

  /** Stops what runs, keeps what is finished; nothing begins until `continue`, whoever runs the job. */
  pause(): Promise<void> {
    return this.#send({ type: "orch.pause" });
  }

  continue(): Promise<void> {
    return this.#send({ type: "orch.continue" });
  }

  standing(): JobStanding {
    const { status, closed, output, error } = this.#record();
    const text = this.#store.getActor(this.id, ROOT_ACTOR)?.snapshot;
    const { value = null, context = null } = text ? (JSON.parse(text) as Partial<PersistedSnapshot>) : {};
    return { status, isOver: closed, state: value, context, output, error };
  }

  /**
   * What has happened and what happens, each entry once and in order, as it is committed. It ends when the job has
   * settled (done, failed, cancelled, paused) or is not run any more.
   *
   * @param after begins behind that entry. Default: from the first one
   */
  async *watch({ after = 0 }: { readonly after?: number } = {}): AsyncGenerator<JobEntry, void, undefined> {
    let seen = after;
    const bell = this.#bell();
    try {
      for (;;) {
        const rung = bell.next();
        const isLast = this.#isAtRest();
        const page = this.#store.listHistory(this.id, { after: seen, limit: PAGE });
        for (const { seq, actorId, event, state, at } of page) {
          yield { seq, actorId, event: event as unknown as JobEntry["event"], state, at };
          seen = seq;
        }
        if (page.length === PAGE) continue;
        if (isLast) return;
        await rung;
      }
    } finally {
      bell.end();
    }
  }

  /**
   * Waits until the job has settled.
   *
   * @returns what its machine gives as its output
   * @throws OrchError `job-failed` (its `details.error` says of what), `job-cancelled`, `job-paused`; `job-interrupted`
   * if the engine was closed before; or what broke off the run: each time the job stands as its last commit left it
   */
  async result(): Promise<WorkflowOutput<Definition>> {
    const bell = this.#bell();
    try {
      for (;;) {
        const rung = bell.next();
        if (this.#isAtRest()) break;
        await rung;
      }
    } finally {
      bell.end();
    }
    const { status, output, error } = this.#record();
    if (status === "done") return output as WorkflowOutput<Definition>;
    const failure = this.#runs.failureOf(this.id);
    if (failure !== undefined) throw failure;
    throw notDone(this.id, status, error);
  }

  /** Nothing more comes of it by itself, or not here. */
  #isAtRest(): boolean {
    if (this.#runs.isRunning(this.id)) return false;
    const { status } = this.#record();
    if (status !== "running" && status !== "waiting") return true;
    return this.#runs.isClosed || this.#runs.failureOf(this.id) !== undefined;
  }

  async #send(event: SignalParams["event"], id?: string): Promise<void> {
    const outcome = await patiently(systemClock, () =>
      this.#engine.signal({ jobId: this.id, event, ...(id !== undefined && { id }) }),
    );
    if (outcome === "job-closed") {
      throw new UsageError(`job ${this.id} is ${this.#record().status} already: nothing can change it any more`, {
        code: "job-closed",
      });
    }
    this.#runs.begin(this.id);
  }

  #record() {
    const job = this.#store.getJob(this.id);
    if (job) return job;
    throw new UsageError(`there is no job "${this.id}" any more`, { code: "job-unknown" });
  }

  /** Rings when something of the job may have changed: here, or in another process. */
  #bell() {
    let ring = () => {};
    const ends = [this.#runs.onChange(() => ring()), this.#store.onForeignCommit(() => ring())];
    const timer = setInterval(() => {
      this.#takeOver();
      ring();
    }, LOOK_AGAIN_MS);
    return {
      next: () =>
        new Promise<void>((resolve) => {
          ring = resolve;
        }),
      end: () => {
        clearInterval(timer);
        for (const end of ends) end();
      },
    };
  }

  /** A job whose owner has died or has let it go is run on here: whoever waits for it waits for somebody who works on it. */
  #takeOver(): void {
    if (!this.#isAtRest()) this.#runs.begin(this.id);
  }
}

function notDone(jobId: string, status: JobStatus, error: ErrorData | null): OrchError {
  if (status === "running" || status === "waiting") {
    return new OrchError(`job ${jobId} is not over: this engine was closed`, {
      code: "job-interrupted",
      hint: "open an engine and resume it",
    });
  }
  return new OrchError(`job ${jobId} ${words(status)}${error ? `: ${error.message}` : ""}`, {
    code: `job-${status}`,
    hint: status === "paused" ? "let it go on by continue()" : "its history says how it came to that",
    details: { jobId, status, error },
    ...(error && { cause: error }),
  });
}

function words(status: JobStatus): string {
  return status === "failed" ? "has failed" : status === "cancelled" ? "was cancelled" : "is paused";
}
