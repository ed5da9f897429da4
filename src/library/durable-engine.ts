/** The engine for programs of one's own: it begins jobs, runs them in this process, and goes on with those that were left. */

import { systemClock } from "../core/clock.ts";
import { errorMessage, UsageError } from "../core/errors.ts";
import { newJobId } from "../core/ids.ts";
import { type Json, toJson } from "../core/json.ts";
import type { Logger } from "../core/log.ts";
import { createRedactor } from "../core/redact.ts";
import { gather, type WorkflowDefinition, type WorkflowInput } from "../engine/define-workflow.ts";
import { createEngine as createInnerEngine, type Engine } from "../engine/engine.ts";
import { patiently } from "../engine/patience.ts";
import type { ActivityDefinition } from "../engine/workflow.ts";
import { isGone, thisOwner } from "../services/owner.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { BackgroundRuns } from "./background-runs.ts";
import { DurableJob } from "./durable-job.ts";

export interface DurableEngineOptions {
  /** As `openStore` gives it. It stays the caller's: several engines may share it, and closing the engine leaves it open. */
  readonly store: Store;
  /** What it can run; their children and earlier versions come with them. */
  readonly workflows: readonly WorkflowDefinition[];
  /** What activities do that several workflows declare. */
  readonly activities?: Readonly<Record<string, ActivityDefinition>>;
  /** Where a job's activities and troubles are logged. Default: nowhere. */
  readonly log?: Logger;
  /** Values that must not be stored, whatever an activity says. Texts that look like a key are taken out anyway. */
  readonly secrets?: readonly string[];
}

export type StartOptions<Definition extends WorkflowDefinition> = JobOptions & InputOption<WorkflowInput<Definition>>;

/** Needless for a machine that declares no input. It is stored, so it is what JSON can hold. */
type InputOption<Input> = undefined extends Input ? { readonly input?: Input } : { readonly input: Input };

interface JobOptions {
  /** Default: made from the time. Choose it yourself where the same work must not be begun twice. */
  readonly jobId?: string;
  /** Short facts for lists. */
  readonly labels?: Readonly<Record<string, string>>;
}

export class DurableEngine implements AsyncDisposable {
  readonly store: Store;
  readonly #engine: Engine;
  readonly #definitions: readonly WorkflowDefinition[];
  readonly #runs: BackgroundRuns;

  /** @throws OrchError `workflow-refused` with every reason why a workflow could not run durably */
  static async open(options: DurableEngineOptions): Promise<DurableEngine> {
    const { store, log, secrets = [] } = options;
    const { workflows, activities } = gather(options.workflows);
    const redact = createRedactor([...secrets]);
    const engine = createInnerEngine({
      ...{ store, workflows, isGone },
      activities: { ...options.activities, ...activities },
      owner: await thisOwner(),
      redactFor: () => redact,
      ...(log && { logFor: () => log }),
    });
    return new DurableEngine(store, engine, options.workflows);
  }

  private constructor(store: Store, engine: Engine, definitions: readonly WorkflowDefinition[]) {
    this.store = store;
    this.#engine = engine;
    this.#definitions = definitions;
    this.#runs = new BackgroundRuns(engine);
  }

  /**
   * Commits a new job, then runs it in this process. When it resolves, the job is on disk.
   *
   * @throws UsageError `job-exists`, or `bad-input` for what JSON cannot hold
   */
  async start<Definition extends WorkflowDefinition>(
    workflow: Definition,
    { input: given, jobId = newJobId(Date.now()), labels = {} }: StartOptions<Definition>,
  ): Promise<DurableJob<Definition>> {
    const input = checkInput(given ?? null);
    await patiently(systemClock, () => this.#engine.start({ workflow: workflow.name, jobId, input, labels }));
    return this.#run(jobId);
  }

  /**
   * Goes on with a job from wherever it stands. One that another process runs is left to it; one that is over stays as
   * it is: the handle then tells what came of it.
   *
   * @throws UsageError `job-unknown`, or `job-of-other-workflow`
   */
  resume<Definition extends WorkflowDefinition>(workflow: Definition, jobId: string): DurableJob<Definition> {
    const job = this.store.getJob(jobId);
    if (!job) {
      throw new UsageError(`there is no job "${jobId}"`, { code: "job-unknown", hint: "start it, or look at its id" });
    }
    if (job.workflow !== workflow.name) {
      throw new UsageError(`job ${jobId} is of the workflow "${job.workflow}", not of "${workflow.name}"`, {
        code: "job-of-other-workflow",
        hint: "resume it with the workflow that it began with",
      });
    }
    return this.#run(jobId);
  }

  /** Begins the job, or goes on with it if it has begun before: for programs that are run again after a crash. */
  async startOrResume<Definition extends WorkflowDefinition>(
    workflow: Definition,
    options: StartOptions<Definition> & { readonly jobId: string },
  ): Promise<DurableJob<Definition>> {
    if (this.store.getJob(options.jobId)) return this.resume(workflow, options.jobId);
    try {
      return await this.start(workflow, options);
    } catch (error) {
      // Another process was quicker.
      if (error instanceof UsageError && error.code === "job-exists") return this.resume(workflow, options.jobId);
      throw error;
    }
  }

  /** Goes on with every job of its workflows that is open and that no process runs. */
  resumeAll(): readonly DurableJob[] {
    const names = new Set(gather(this.#definitions).workflows.map(({ name }) => name));
    const isLeft = ({ workflow, status, lease }: JobRecord) =>
      names.has(workflow) &&
      (status === "running" || status === "waiting") &&
      (lease === null || lease.expiresAt <= Date.now() || isGone(lease.owner));
    return this.store
      .listOpenJobs()
      .filter(isLeft)
      .map(({ id }) => this.#run(id));
  }

  /** Stops gently what runs here: finished work is kept, each job can be gone on with. The store stays open. */
  async close(): Promise<void> {
    await this.#runs.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #run<Definition extends WorkflowDefinition>(jobId: string): DurableJob<Definition> {
    this.#runs.begin(jobId);
    return new DurableJob(jobId, this.#engine, this.store, this.#runs);
  }
}

function checkInput(input: unknown): Json {
  try {
    return toJson(input, "input");
  } catch (error) {
    throw new UsageError(errorMessage(error), {
      code: "bad-input",
      hint: "give what JSON can hold: it is stored with the job",
      cause: error,
    });
  }
}

/**
 * Opens an engine on a store: see `DurableEngineOptions`. Close it before the store, or let `await using` do both.
 *
 * @throws OrchError `workflow-refused`
 */
export function createEngine(options: DurableEngineOptions): Promise<DurableEngine> {
  return DurableEngine.open(options);
}
