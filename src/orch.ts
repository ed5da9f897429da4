/** The composition root: the only file that knows every room. It makes coding jobs and runs them. */

import { type CodingJobEvent, codingJob } from "../workflows/coding-job.ts";
import { codingActivities } from "./activities.ts";
import { goesWithoutSandbox } from "./command-access.ts";
import { type Config, notInDryRun } from "./config/load-config.ts";
import { systemClock } from "./core/clock.ts";
import type { CodingJobInput, CodingSettings } from "./core/coding.ts";
import type { Prices, PricesOf } from "./core/cost.ts";
import { OrchError, UsageError } from "./core/errors.ts";
import { newJobId, parseJobId } from "./core/ids.ts";
import { jobPaths, resultBranch } from "./core/job-paths.ts";
import type { Logger } from "./core/log.ts";
import type { JobEvent } from "./core/protocol.ts";
import type { Redact } from "./core/redact.ts";
import type { WorkWatch } from "./core/work-watch.ts";
import { createEngine, type Engine, type SignalParams } from "./engine/engine.ts";
import type { EngineEvent } from "./engine/engine-event.ts";
import type { PersistedSnapshot } from "./engine/interpreter.ts";
import { patiently } from "./engine/patience.ts";
import { logJobEvent } from "./jobs/job-event-log.ts";
import { JobEvents } from "./jobs/job-events.ts";
import { openJobLog } from "./jobs/job-log.ts";
import { jobRedactor, processSecrets, refuseSecretCommands } from "./jobs/job-secrets.ts";
import { findJob, finishedEvent, hasSettled, inputOf, isCodingJob, snapshotOf } from "./jobs/jobs.ts";
import { OwnJobEvents } from "./jobs/own-job-events.ts";
import { eventsAt } from "./own-workflow/known-events.ts";
import type { OwnWorkflow } from "./own-workflow/load-workflow.ts";
import { ownLabels } from "./own-workflow/own-job.ts";
import { type Needs, needsOf, refuseUnfit, withOwn } from "./own-workflow/registered.ts";
import { preloadAgentsSdk } from "./services/agents/agents-sdk.ts";
import { checkSandbox } from "./services/codex/check-sandbox.ts";
import { findCodex } from "./services/codex/find-codex.ts";
import { inspectRepository } from "./services/git/inspect-repository.ts";
import { isGone, thisOwner } from "./services/owner.ts";
import type { CodexSandbox } from "./services/sandbox/run-sandboxed.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";
import type { JobRecord, SignalOutcome, Store } from "./store/store.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Agents are followed while a commit waits: a busy database holds the event loop for no longer than this at a time. */
const BUSY_TIMEOUT_MS = 250;

export interface RunJobOptions {
  /** Stops gently: what runs is ended, what is finished is kept, the job can be resumed. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: JobEvent) => void;
}

interface OrchParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly logs: JobLogs;
  readonly secrets: readonly string[];
  readonly sandbox: CodexSandbox;
  readonly own: OwnWorkflow | undefined;
  readonly needs: Needs;
  readonly prices: Prices | null;
}

export class Orch implements Disposable {
  readonly store: Store;
  readonly pricesOf: PricesOf;
  readonly #engine: Engine;
  readonly #logs: JobLogs;
  readonly #secrets: readonly string[];
  readonly #sandbox: CodexSandbox;
  readonly #own: OwnWorkflow | undefined;
  readonly #needs: Needs;
  #sandboxStarts = false;

  /**
   * Opens what it takes to work on jobs.
   *
   * @param environment what allow-lists for processes choose from
   * @param watch told what planner, agents and commands do, and when there is nothing to do
   * @param own a workflow of the user's: new jobs are of it, and it takes a key and Codex only as far as it uses them
   * @throws UsageError `dry-run`, `no-api-key`, `codex-not-found`, `codex-too-old`, `workflow-refused`, or that the database cannot be used
   */
  static async open(
    config: Config,
    environment: Environment = process.env,
    watch: WorkWatch = {},
    own?: OwnWorkflow,
  ): Promise<Orch> {
    if (config.dryRun) throw notInDryRun();
    if (own) refuseUnfit(own);
    const needs = needsOf(own);
    if (needs.model && config.apiKey === undefined) throw noApiKey();
    const search = { codex: config.codexPath, environment, cwd: process.cwd() };
    const codex = needs.codex ? await findCodex(search) : { path: "" };
    const secrets = processSecrets(config, environment);
    const redactors = new JobRedactors(secrets);
    const logs = new JobLogs(redactors);
    const store = await openSqliteStore(config.databasePath, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      const activities = codingActivities(
        config,
        codex.path,
        environment,
        secrets,
        (jobId) => goesWithoutSandbox(inputOf(findJob(store, jobId))),
        watch,
      );
      const engine = createEngine({
        store,
        ...withOwn(own, activities),
        owner: await thisOwner(),
        isGone,
        logFor: (jobId) => logs.of(inputOf(findJob(store, jobId))),
        redactFor: (jobId) => redactors.of(inputOf(findJob(store, jobId))),
        ...(watch.onRest && { onRest: watch.onRest }),
      });
      const sandbox = { codexPath: codex.path, codexHome: config.codexHome, environment };
      return new Orch({ store, engine, logs, secrets, sandbox, own, needs, prices: config.prices ?? null });
    } catch (error) {
      store.close();
      throw error;
    }
  }

  private constructor(parts: OrchParts) {
    this.store = parts.store;
    this.#engine = parts.engine;
    this.#logs = parts.logs;
    this.#secrets = parts.secrets;
    this.#sandbox = parts.sandbox;
    this.#own = parts.own;
    this.#needs = parts.needs;
    this.pricesOf = () => parts.prices;
  }

  /**
   * Commits a new job; `run` begins it. A secret in its task is taken out: agents read the task, and so does
   * whoever looks at the job.
   *
   * @param more short facts beside the usual ones
   * @throws UsageError `job-exists`, `secret-in-command`
   * @throws OrchError `sandbox-unavailable`: without its sandbox no agent is let loose
   */
  async create(asked: CodingJobInput, more: Readonly<Record<string, string>> = {}): Promise<JobRecord> {
    refuseSecretCommands(this.#secrets, asked);
    if (this.#needs.model) preloadAgentsSdk();
    await this.#requireSandbox(asked);
    const input = { ...asked, task: jobRedactor(this.#secrets, asked)(asked.task) };
    const { jobId, task, repository } = input;
    const own = this.#own && ownLabels(this.#own);
    const labels = { ...more, task: task.slice(0, 200), repository: repository.root, ...own };
    const workflow = this.#own?.definition.name ?? codingJob.name;
    return await patiently(systemClock, () => this.#engine.start({ workflow, jobId, input, labels }));
  }

  /**
   * Runs a job from wherever it stands until it has settled or is told to stop, and tells what it does.
   *
   * @throws UsageError `job-unknown`, or `workflow-not-loaded` for a job of another workflow than this was opened with
   * @throws OrchError `sandbox-unavailable`, `job-running-elsewhere`, `lease-lost`, `workflow-gone`, `workflow-changed`, or the store's own
   */
  async run(jobId: string, { signal, onEvent = () => {} }: RunJobOptions = {}): Promise<JobRecord> {
    const job = findJob(this.store, jobId);
    this.#requireWorkflow(job);
    const input = inputOf(job);
    await this.#requireSandbox(input);
    const log = this.#logs.of(input);
    const tell = (event: JobEvent) => {
      logJobEvent(log, event);
      onEvent(event);
    };
    const snapshot = snapshotOf(this.store, jobId);
    const events = isCodingJob(job) ? new JobEvents(jobId, snapshot) : this.#ownEvents(job, snapshot);
    const ended = await this.#engine.run(jobId, {
      ...(signal && { signal }),
      // Said only then: a job that another orchestrator runs was not begun here.
      onAcquired: () => {
        tell(snapshot ? resumed(input) : started(input));
        for (const event of events.standing()) tell(event);
      },
      onUpdate: (update) => {
        for (const event of events.take(update)) tell(event);
      },
    });
    if (hasSettled(ended)) tell(finishedEvent(this.store, ended, this.pricesOf));
    else tell({ type: "job.interrupted", jobId, resume: `orch resume ${jobId}` });
    return ended;
  }

  /**
   * Commits an event for a job, without secrets, whoever runs it: here it is taken at once.
   *
   * @param id the same one is taken once
   */
  signal(jobId: string, event: CodingJobEvent | EngineEvent, id: string): SignalOutcome {
    return this.#engine.signal({ jobId, id, event: { ...event } as unknown as SignalParams["event"] });
  }

  #ownEvents(job: JobRecord, snapshot: PersistedSnapshot | null): OwnJobEvents {
    const { workflows } = withOwn(this.#own, {});
    const workflow = workflows.find(({ name, version }) => name === job.workflow && version === job.version);
    return new OwnJobEvents(job, snapshot, (value) => (workflow ? eventsAt(workflow.machine, value) : []));
  }

  #requireWorkflow(job: JobRecord): void {
    if (isCodingJob(job) || job.workflow === this.#own?.definition.name) return;
    throw new UsageError(`job ${job.id} is of the workflow "${job.workflow}", which is not loaded here`, {
      code: "workflow-not-loaded",
      hint: `go on with it by: orch resume ${job.id}`,
    });
  }

  /** What the job's record says counts, not how this orchestrator was started: nothing falls back by itself. */
  async #requireSandbox(input: CodingJobInput): Promise<void> {
    if (this.#sandboxStarts || !this.#needs.codex || goesWithoutSandbox(input)) return;
    const check = await checkSandbox(this.#sandbox);
    if (!check.ok) throw sandboxUnavailable(check.reason);
    this.#sandboxStarts = true;
  }

  [Symbol.dispose](): void {
    this.store.close();
  }
}

/** Looks at the repository and the settings: everything of a new job that can be refused before anything is made. */
export async function planJob(config: Config, task: string, needsKey = true): Promise<CodingJobInput> {
  const words = task.trim();
  if (words === "") {
    throw new UsageError("there is no task", { code: "no-task", hint: 'say what is to be done: orch run "<task>"' });
  }
  if (needsKey && config.apiKey === undefined) throw noApiKey();
  const jobId = config.jobId === undefined ? newJobId(Date.now()) : parseJobId(config.jobId);
  const repository = await inspectRepository({
    path: config.repository,
    baseBranch: config.baseBranch,
    pushRemote: config.pushResult,
    jobId,
  });
  return { jobId, task: words, repository, settings: settingsOf(config) };
}

function settingsOf(config: Config): CodingSettings {
  return {
    concurrency: config.concurrency,
    maxSubtasks: config.maxSubtasks,
    approvePlan: config.approvePlan,
    plannerModel: config.plannerModel,
    codexModel: config.codexModel ?? null,
    setup: config.setup,
    verify: config.verify,
    copy: config.copy,
    maxFollowUps: config.maxFollowUps,
    maxRepairs: config.maxRepairs,
    turnSilenceMs: config.turnSilence,
    turnLimitMs: config.turnLimit,
    commandLimitMs: config.commandLimit,
    // Only there if it is so: what is frozen into most jobs says nothing of it.
    ...(config.dangerouslyWithoutSandbox && { dangerouslyWithoutSandbox: true }),
  };
}

/** One open log for each job. */
class JobLogs {
  readonly #redactors: JobRedactors;
  readonly #logs = new Map<string, Logger>();

  constructor(redactors: JobRedactors) {
    this.#redactors = redactors;
  }

  of(input: CodingJobInput): Logger {
    const { jobId, repository } = input;
    const log = this.#logs.get(jobId) ?? openJobLog(jobPaths(repository.root, jobId).log, this.#redactors.of(input));
    this.#logs.set(jobId, log);
    return log;
  }
}

/** One redactor for each job: everything that leaves it goes through that one. */
class JobRedactors {
  readonly #secrets: readonly string[];
  readonly #redactors = new Map<string, Redact>();

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  of(input: CodingJobInput): Redact {
    const redact = this.#redactors.get(input.jobId) ?? jobRedactor(this.#secrets, input);
    this.#redactors.set(input.jobId, redact);
    return redact;
  }
}

const sandboxFact = (input: CodingJobInput) =>
  goesWithoutSandbox(input) ? { dangerouslyWithoutSandbox: true as const } : {};

function started(input: CodingJobInput): JobEvent {
  const { jobId, task, repository } = input;
  return {
    type: "job.started",
    jobId,
    task,
    repository: repository.root,
    baseCommit: repository.baseCommit,
    resultBranch: resultBranch(jobId),
    ...sandboxFact(input),
  };
}

function resumed(input: CodingJobInput): JobEvent {
  const { jobId, task, repository } = input;
  return { type: "job.resumed", jobId, task, repository: repository.root, ...sandboxFact(input) };
}

function sandboxUnavailable(reason: string): OrchError {
  return new OrchError(`Codex's sandbox does not start on this machine: ${reason}`, {
    code: "sandbox-unavailable",
    hint: 'nothing was started: see what "orch doctor" says of it; in a virtual machine or container that may be lost, a new job can be begun with --dangerously-without-sandbox',
  });
}

function noApiKey(): UsageError {
  return new UsageError("there is no key for the model", {
    code: "no-api-key",
    hint: "set OPENAI_API_KEY in the environment or in .env",
  });
}
