/**
 * Runs the jobs that pages start or go on with, in this process. What that takes (a key, Codex, its sandbox) is looked for
 * when it is needed first: to look at jobs takes none of it.
 */

import { loadConfig } from "../config/load-config.ts";
import type { SettingName } from "../config/settings.ts";
import { errorMessage, OrchError } from "../core/errors.ts";
import type { SessionView } from "../core/protocol/jobs.ts";
import type { WorkWatch } from "../core/work-watch.ts";
import { findJob, isCodingJob } from "../jobs/jobs.ts";
import { Orch, planJob } from "../orch.ts";
import type { OwnWorkflow } from "../own-workflow/load-workflow.ts";
import { loadWorkflowOf } from "../own-workflow/own-job.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";

export interface RunnerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  /** Where jobs are: the settings of a repository don't choose it. */
  readonly databasePath: string;
  /** Told, in a line, what goes on with the jobs of this server. */
  readonly note: (line: string) => void;
  /** Told the key of each configuration, before anything is done with it. */
  readonly keepSecret: (secret: string | undefined) => void;
  /** Told what planner, agents and commands do. */
  readonly watch?: WorkWatch | undefined;
}

interface Running {
  readonly stop: AbortController;
  readonly end: Promise<void>;
}

type Flags = Readonly<Partial<Record<SettingName, unknown>>>;

export class Runner {
  readonly #options: RunnerOptions;
  /** By repository, each has settings of its own; and by the file of a workflow of one's own. */
  readonly #orchs = new Map<string, Promise<Orch>>();
  readonly #running = new Map<string, Running>();
  #standing: SessionView["runner"] = null;
  #isClosing = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Whether it could be opened, when that was last tried. */
  get standing(): SessionView["runner"] {
    return this.#standing;
  }

  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Makes a job and begins it. @throws OrchError whatever `orch run` would refuse it for */
  async start(repository: string, task: string, flags: Flags): Promise<string> {
    const config = this.#config(repository, flags);
    const orch = await this.#open(repository);
    const input = await planJob(config, task);
    await orch.create(input);
    this.#begin(orch, input.jobId);
    return input.jobId;
  }

  /** Goes on with a job, unless it does already. @throws OrchError what keeps jobs from being run here */
  async resume(repository: string, jobId: string): Promise<void> {
    if (this.#running.has(jobId)) return;
    this.#begin(await this.#openFor(repository, jobId), jobId);
  }

  /** Stops gently what runs: all of it can be gone on with. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { stop } of this.#running.values()) stop.abort();
    await Promise.all([...this.#running.values()].map(({ end }) => end));
    for (const orch of this.#orchs.values()) (await orch.catch(() => null))?.[Symbol.dispose]();
  }

  #begin(orch: Orch, jobId: string): void {
    if (this.#isClosing || this.#running.has(jobId)) return;
    const stop = new AbortController();
    const { note } = this.#options;
    const end = orch
      .run(jobId, { signal: stop.signal })
      .then(({ status }) => {
        note(
          stop.signal.aborted ? `job ${jobId} is stopped; go on with: orch resume ${jobId}` : `job ${jobId}: ${status}`,
        );
      })
      .catch((error: unknown) => {
        const hint = error instanceof OrchError && error.hint !== undefined ? ` (${error.hint})` : "";
        note(`job ${jobId} is not run any more: ${errorMessage(error)}${hint}`);
      })
      .finally(() => this.#running.delete(jobId));
    this.#running.set(jobId, { stop, end });
    note(`job ${jobId} is run here`);
  }

  /** A job of a workflow of one's own takes an orch that has loaded it. */
  async #openFor(repository: string, jobId: string): Promise<Orch> {
    const store = await openSqliteStore(this.#options.databasePath);
    try {
      const job = findJob(store, jobId);
      return await this.#open(repository, isCodingJob(job) ? undefined : await loadWorkflowOf(store, job));
    } finally {
      store.close();
    }
  }

  async #open(repository: string, own?: OwnWorkflow): Promise<Orch> {
    const name = own ? `${repository}\0${own.path}` : repository;
    const known = this.#orchs.get(name);
    if (known) return known;
    const { environment, watch } = this.#options;
    const opening = (async () => Orch.open(this.#config(repository, {}), environment, watch, own))();
    this.#orchs.set(name, opening);
    try {
      const orch = await opening;
      this.#standing = { isReady: true, error: null };
      return orch;
    } catch (error) {
      // The next one tries anew: the key may be set by then.
      this.#orchs.delete(name);
      const { code, hint } = error instanceof OrchError ? error : { code: undefined, hint: undefined };
      const plain = {
        message: errorMessage(error),
        ...(code !== undefined && { code }),
        ...(hint !== undefined && { hint }),
      };
      this.#standing = { isReady: false, error: plain };
      throw error;
    }
  }

  #config(repository: string, flags: Flags) {
    const { environment, directory, databasePath, keepSecret } = this.#options;
    const config = loadConfig({ flags: { ...flags, repository, databasePath }, environment, directory });
    keepSecret(config.apiKey);
    return config;
  }
}
