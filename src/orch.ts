/** The composition root: the only file that knows every room. It makes coding jobs and runs them. */

import { codingJob } from "../workflows/coding-job.ts";
import { codingActivities } from "./activities.ts";
import { codingWorkflows } from "./coding-workflows.ts";
import type { Config } from "./config/load-config.ts";
import { systemClock } from "./core/clock.ts";
import type { CodingJobInput, CodingSettings } from "./core/coding.ts";
import { OrchError, UsageError } from "./core/errors.ts";
import { newJobId, parseJobId } from "./core/ids.ts";
import { jobPaths, resultBranch } from "./core/job-paths.ts";
import type { Logger } from "./core/log.ts";
import type { JobEvent } from "./core/protocol.ts";
import { createRedactor } from "./core/redact.ts";
import { createEngine, type Engine } from "./engine/engine.ts";
import { patiently } from "./engine/patience.ts";
import { logJobEvent } from "./jobs/job-event-log.ts";
import { JobEvents } from "./jobs/job-events.ts";
import { openJobLog } from "./jobs/job-log.ts";
import { findJob, finishedEvent, hasSettled, inputOf, snapshotOf } from "./jobs/jobs.ts";
import { checkSandbox } from "./services/codex/check-sandbox.ts";
import { findCodex } from "./services/codex/find-codex.ts";
import { inspectRepository } from "./services/git/inspect-repository.ts";
import { isGone, thisOwner } from "./services/owner.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";
import type { JobRecord, Store } from "./store/store.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Agents are followed while a commit waits: a busy database holds the event loop for no longer than this at a time. */
const BUSY_TIMEOUT_MS = 250;

export interface RunJobOptions {
  /** Stops gently: what runs is ended, what is finished is kept, the job can be resumed. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: JobEvent) => void;
}

export class Orch implements Disposable {
  readonly store: Store;
  readonly #engine: Engine;
  readonly #logs: JobLogs;

  /**
   * Opens what it takes to work on jobs.
   *
   * @param environment what allow-lists for processes choose from
   * @throws UsageError `no-api-key`, `codex-not-found`, `codex-too-old`, or that the database cannot be used
   * @throws OrchError `sandbox-unavailable`: without its sandbox no agent is let loose
   */
  static async open(config: Config, environment: Environment = process.env): Promise<Orch> {
    if (config.apiKey === undefined) throw noApiKey();
    const codex = await findCodex({ codex: config.codexPath, environment, cwd: process.cwd() });
    const logs = new JobLogs(config);
    const store = await openSqliteStore(config.databasePath, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      await requireSandbox({ codexPath: codex.path, codexHome: config.codexHome, environment });
      const engine = createEngine({
        store,
        workflows: codingWorkflows,
        activities: codingActivities(config, codex.path, environment),
        owner: await thisOwner(),
        isGone,
        logFor: (jobId) => logs.of(inputOf(findJob(store, jobId))),
      });
      return new Orch(store, engine, logs);
    } catch (error) {
      store.close();
      throw error;
    }
  }

  private constructor(store: Store, engine: Engine, logs: JobLogs) {
    this.store = store;
    this.#engine = engine;
    this.#logs = logs;
  }

  /**
   * Commits a new coding job; `run` begins it.
   *
   * @throws UsageError `job-exists`
   */
  create(input: CodingJobInput): Promise<JobRecord> {
    const { jobId, task, repository } = input;
    const labels = { task: task.slice(0, 200), repository: repository.root };
    return patiently(systemClock, () => this.#engine.start({ workflow: codingJob.name, jobId, input, labels }));
  }

  /**
   * Runs a job from wherever it stands until it has settled or is told to stop, and tells what it does.
   *
   * @throws UsageError `job-unknown`
   * @throws OrchError `job-running-elsewhere`, `lease-lost`, `workflow-gone`, `workflow-changed`, or the store's own
   */
  async run(jobId: string, { signal, onEvent = () => {} }: RunJobOptions = {}): Promise<JobRecord> {
    const input = inputOf(findJob(this.store, jobId));
    const log = this.#logs.of(input);
    const tell = (event: JobEvent) => {
      logJobEvent(log, event);
      onEvent(event);
    };
    const snapshot = snapshotOf(this.store, jobId);
    const events = new JobEvents(jobId, snapshot);
    const job = await this.#engine.run(jobId, {
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
    if (hasSettled(job)) tell(finishedEvent(this.store, job));
    else tell({ type: "job.interrupted", jobId, resume: `orch resume ${jobId}` });
    return job;
  }

  [Symbol.dispose](): void {
    this.store.close();
  }
}

/** Looks at the repository and the settings: everything of a new job that can be refused before anything is made. */
export async function planJob(config: Config, task: string): Promise<CodingJobInput> {
  const words = task.trim();
  if (words === "") {
    throw new UsageError("there is no task", { code: "no-task", hint: 'say what is to be done: orch run "<task>"' });
  }
  if (config.apiKey === undefined) throw noApiKey();
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
  };
}

/** One open log for each job. */
class JobLogs {
  readonly #redact: (text: string) => string;
  readonly #logs = new Map<string, Logger>();

  constructor(config: Config) {
    this.#redact = createRedactor([config.apiKey]);
  }

  of({ jobId, repository }: CodingJobInput): Logger {
    const log = this.#logs.get(jobId) ?? openJobLog(jobPaths(repository.root, jobId).log, this.#redact);
    this.#logs.set(jobId, log);
    return log;
  }
}

function started({ jobId, task, repository }: CodingJobInput): JobEvent {
  return {
    type: "job.started",
    jobId,
    task,
    repository: repository.root,
    baseCommit: repository.baseCommit,
    resultBranch: resultBranch(jobId),
  };
}

function resumed({ jobId, task, repository }: CodingJobInput): JobEvent {
  return { type: "job.resumed", jobId, task, repository: repository.root };
}

async function requireSandbox(settings: Parameters<typeof checkSandbox>[0]): Promise<void> {
  const check = await checkSandbox(settings);
  if (check.ok) return;
  throw new OrchError(`Codex's sandbox does not start on this machine: ${check.reason}`, {
    code: "sandbox-unavailable",
    hint: 'see what "orch doctor" says of it; nothing was started',
  });
}

function noApiKey(): UsageError {
  return new UsageError("there is no key for the model", {
    code: "no-api-key",
    hint: "set OPENAI_API_KEY in the environment or in .env",
  });
}
