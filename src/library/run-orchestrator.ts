/**
 * A coding job as one call. Awaited, it is the text that `orch run` prints at the end, as it was with Codex Orchestrator;
 * `result` beside it is typed.
 */

import { randomUUID } from "node:crypto";
import type { CodingJobEvent } from "../../workflows/coding-job.ts";
import { endLines } from "../cli/format/end-lines.ts";
import { plain } from "../cli/format/paint.ts";
import type { DiffStat, SubtaskStatus } from "../core/coding.ts";
import { OrchError, UsageError } from "../core/errors.ts";
import { newJobId } from "../core/ids.ts";
import type { JobEvent } from "../core/protocol.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { EngineEvent } from "../engine/engine-event.ts";
import { type ErrorView, type JobView, viewJob } from "../jobs/job-view.ts";
import { findJob, inputOf } from "../jobs/jobs.ts";
import { Orch, planJob } from "../orch.ts";
import { type CodingOptions, type CodingSurroundings, surroundingsOf } from "./coding-options.ts";

export interface RunOptions {
  /** Stops gently: what runs is ended, what is finished is kept, the job can be resumed. */
  readonly signal?: AbortSignal;
  /** Told what the job does, in order: the objects that `orch run --json` prints. */
  readonly onEvent?: (event: JobEvent) => void;
}

export interface OrchestratorRunOptions extends CodingOptions, RunOptions {
  /** What is to be done. */
  readonly taskDescription: string;
  /** Lower-case letters, digits and hyphens. Default: ORCHESTRATOR_JOB_ID, else made from the time. */
  readonly jobId?: string;
  /** @deprecated Without effect: the job's log always tells everything. */
  readonly verboseLog?: boolean;
  /** @deprecated Without effect: the planner orders the subtasks, also what must be prepared before others. */
  readonly enablePrefactor?: boolean;
}

export interface OrchestratorSubtask {
  readonly id: string;
  readonly title: string;
  readonly status: SubtaskStatus;
  readonly commit: string | null;
  readonly stat: DiffStat | null;
  readonly error: ErrorView | null;
}

export interface OrchestratorResult {
  readonly jobId: string;
  /** `interrupted`: it was told to stop by its signal. `failed`, `paused` and `interrupted` jobs can be gone on with. */
  readonly status: "done" | "failed" | "cancelled" | "paused" | "interrupted";
  /** The text that `orch run` prints at the end. */
  readonly output: string;
  /** `result-<jobId>`; null if there is none, or if nothing was changed. */
  readonly resultBranch: string | null;
  readonly resultCommit: string | null;
  readonly stat: DiffStat | null;
  /** The address that the result was pushed to. */
  readonly pushedTo: string | null;
  readonly usage: TokenUsage;
  readonly subtasks: readonly OrchestratorSubtask[];
  /** What a failed job failed of. */
  readonly error: ErrorView | null;
}

/** What a job can be told while it runs. */
export type OrchestratorSignal = Exclude<CodingJobEvent, { readonly type: `xstate.${string}` }> | EngineEvent;

/**
 * Awaited, it is the job's last words, and it rejects unless the job is done: with an OrchError `job-failed`,
 * `job-cancelled`, `job-paused` or `job-interrupted`, or with what kept the job from being begun or run.
 */
export interface OrchestratorRun extends Promise<string> {
  /**
   * However the job ended: look at `status`. It rejects only if the job could not be begun, or its run broke off; what was
   * committed is then kept.
   */
  readonly result: Promise<OrchestratorResult>;
  /** Commits a word for the job (an approval, a cancel …), as soon as there is a job. @throws UsageError `not-now`: it is over */
  signal(event: OrchestratorSignal): Promise<void>;
}

/**
 * Plans a task, has its subtasks worked on by agents, and merges what they made into the branch `result-<jobId>`: what
 * `orch run` does, with the same settings, database and files. Each step is on disk before it is acted on, so a job whose
 * process dies is gone on with by `resumeOrchestrator` or `orch resume`.
 *
 * @example
 * const output = await runOrchestrator({ taskDescription: "Add /api/v1/users/search endpoint and tests" });
 * const { status, resultBranch } = await runOrchestrator({ taskDescription, baseDir }).result;
 * @throws UsageError `no-task`, `no-api-key`, `not-a-repository`, `codex-not-found`, `job-exists`, `bad-setting` …: nothing was begun
 * @throws OrchError `sandbox-unavailable`, `job-failed`, `job-cancelled`, `job-paused`, `job-interrupted`, or the database's own
 */
export function runOrchestrator(options: OrchestratorRunOptions): OrchestratorRun {
  return begin(options, async () => {
    const around = surroundingsOf(options, options.jobId);
    const jobId = around.config.jobId ?? newJobId(Date.now());
    const input = await planJob({ ...around.config, jobId }, String(options.taskDescription ?? ""));
    const orch = await Orch.open(around.config, around.environment);
    try {
      await orch.create(input);
    } catch (error) {
      orch[Symbol.dispose]();
      throw error;
    }
    return { around, orch, jobId };
  });
}

/**
 * Goes on with a job from wherever it stands, in whatever program it was begun. One that is over gives its result again.
 *
 * @throws UsageError `job-unknown`, and as `runOrchestrator`
 */
export function resumeOrchestrator(jobId: string, options: CodingOptions & RunOptions = {}): OrchestratorRun {
  return begin(options, async () => {
    const near = surroundingsOf(options);
    const orch = await Orch.open(near.config, near.environment);
    try {
      const { root } = inputOf(findJob(orch.store, jobId)).repository;
      if (root === near.config.repository) return { around: near, orch, jobId };
      // Its own repository's settings count, as with `orch resume`.
      const around = surroundingsOf({ ...options, repoRoot: root });
      const ofItsOwn = await Orch.open(around.config, around.environment);
      orch[Symbol.dispose]();
      return { around, orch: ofItsOwn, jobId };
    } catch (error) {
      orch[Symbol.dispose]();
      throw error;
    }
  });
}

interface Begun {
  readonly around: CodingSurroundings;
  readonly orch: Orch;
  readonly jobId: string;
}

function begin({ signal, onEvent }: RunOptions, open: () => Promise<Begun>): OrchestratorRun {
  const begunAt = Date.now();
  const begun = open();
  let isOver = false;
  const result = begun.then(async ({ orch, jobId, around }) => {
    try {
      await orch.run(jobId, { ...(signal && { signal }), ...(onEvent && { onEvent }) });
      const view = viewJob(orch.store, findJob(orch.store, jobId), Date.now());
      return toResult(view, endLines(view, { directory: around.directory, tookMs: Date.now() - begunAt }, plain));
    } finally {
      isOver = true;
      orch[Symbol.dispose]();
    }
  });
  const output = result.then((ended) => {
    if (ended.status === "done") return ended.output;
    throw notDone(ended);
  });
  return Object.defineProperties(output, {
    result: {
      get: () => {
        // Who asks for the result is told by it, and need not look at the text as well.
        output.catch(() => {});
        return result;
      },
    },
    signal: {
      value: async (event: OrchestratorSignal) => {
        const { orch, jobId } = await begun;
        if (isOver) throw notTaken(jobId);
        const outcome = orch.signal(jobId, event, randomUUID());
        if (outcome !== "added") throw notTaken(jobId);
      },
    },
  }) as OrchestratorRun;
}

function toResult(view: JobView, lines: readonly string[]): OrchestratorResult {
  const { id, state, resultBranch, resultCommit, stat, pushedTo, usage, subtasks, error } = view;
  const isOpen = state === "running" || state === "waiting";
  return {
    jobId: id,
    status: isOpen ? "interrupted" : state,
    output: lines.join("\n").trim(),
    ...{ resultBranch, resultCommit, stat, pushedTo, usage, error },
    subtasks: subtasks.map(({ id: subtaskId, title, status, commit, stat: changes, error: reason }) => ({
      ...{ id: subtaskId, title, status, commit, stat: changes, error: reason },
    })),
  };
}

function notTaken(jobId: string): UsageError {
  return new UsageError(`job ${jobId} is not run here any more: it was told nothing`, {
    code: "not-now",
    hint: `see where it stands with "orch show ${jobId}", and go on with it by resumeOrchestrator`,
  });
}

function notDone({ jobId, status, error, output }: OrchestratorResult): OrchError {
  const said: Record<string, string> = { failed: "has failed", cancelled: "was cancelled", paused: "is paused" };
  const what = `job ${jobId} ${said[status] ?? "was interrupted"}`;
  return new OrchError(error ? `${what}: ${error.message}` : what, {
    code: `job-${status}`,
    hint: status === "cancelled" ? "begin another job" : `what is finished is kept; see "orch show ${jobId}"`,
    details: { jobId, status, output },
  });
}
