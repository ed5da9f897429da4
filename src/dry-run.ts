/** A dry run: the planner makes its plan, nothing is executed, and nothing is made. It says what a job would do. */

import { setTimeout as pause } from "node:timers/promises";
import { remoteRetry } from "./activities.ts";
import type { Config } from "./config/load-config.ts";
import type { CodingJobInput, Plan, SubtaskSpec } from "./core/coding.ts";
import { OrchError, toErrorData } from "./core/errors.ts";
import { jobPaths, resultBranch, subtaskBranch } from "./core/job-paths.ts";
import type { DryRunEvent } from "./core/protocol/dry-run.ts";
import type { TokenUsage } from "./core/usage.ts";
import { nextAttemptDelay } from "./engine/retry.ts";
import { jobRedactor, processSecrets, refuseSecretCommands } from "./jobs/job-secrets.ts";
import { planJob } from "./orch.ts";
import { DryPlanning } from "./services/agents/plan-dry.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Planned = Extract<DryRunEvent, { type: "dry-run.planned" }>;

export interface DryRunOptions {
  readonly signal: AbortSignal;
  readonly environment: Environment;
  /** Told what the job is, once it is known that one could be made. */
  readonly onBegin: (job: CodingJobInput) => void;
  readonly onEvent: (event: DryRunEvent) => void;
  /** Told why the planner is asked again, and when, in milliseconds from now. */
  readonly onRetry: (error: OrchError, delayMs: number) => void;
}

/**
 * Refuses what a job would be refused for, as far as that can be known without starting anything.
 *
 * @throws UsageError, OrchError as `planJob`, `Orch.create` and the planner
 */
export async function dryRun(config: Config, task: string, options: DryRunOptions): Promise<void> {
  const asked = await planJob(config, task);
  const secrets = processSecrets(config, options.environment);
  refuseSecretCommands(secrets, asked);
  const redact = jobRedactor(secrets, asked);
  const job = { ...asked, task: redact(asked.task) };
  options.onBegin(job);
  const { plannerModel: model, maxSubtasks } = job.settings;
  const planning = new DryPlanning({
    ...{ apiKey: config.apiKey ?? "", baseUrl: config.baseUrl, model, maxSubtasks, task: job.task, redact },
    signal: options.signal,
    onSkipped: (command, directory, refused) =>
      options.onEvent({
        ...{ type: "dry-run.skipped", jobId: job.jobId, command: [...command], directory, refused },
      }),
  });
  const plan = await insist(planning, config, options);
  options.onEvent(planned(job, config, plan, planning.usage));
}

/** As often, and with the same pauses, as a job would. */
async function insist(planning: DryPlanning, config: Config, { signal, onRetry }: DryRunOptions): Promise<Plan> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await planning.plan();
    } catch (error) {
      signal.throwIfAborted();
      const delay =
        error instanceof OrchError
          ? nextAttemptDelay(remoteRetry(config), toErrorData(error), { failures, attempt: failures })
          : null;
      if (delay === null) throw error;
      onRetry(error as OrchError, delay);
      await pause(delay, undefined, { signal });
    }
  }
}

function planned(job: CodingJobInput, config: Config, plan: Plan, usage: TokenUsage): Planned {
  const { jobId, task, repository, settings } = job;
  const { root, baseCommit, baseBranch, push } = repository;
  const worktree = (name: string) => `${jobPaths(root, jobId).worktrees.slice(root.length + 1)}/${name}`;
  const rounds = roundsOf(plan.subtasks);
  const subtasks = plan.subtasks.map(({ dependsOn, files, ...subtask }) => ({
    ...subtask,
    dependsOn: [...dependsOn],
    files: [...files],
    round: rounds.get(subtask.id) ?? 1,
    branch: subtaskBranch(jobId, subtask.id),
    worktree: worktree(subtask.id),
  }));
  const dangerouslyWithoutSandbox = settings.dangerouslyWithoutSandbox === true;
  const access = (setting: "setupAccess" | "verifyAccess") =>
    dangerouslyWithoutSandbox ? "everything" : config[setting];
  return {
    type: "dry-run.planned",
    ...{ jobId, task, repository: root, baseCommit, baseBranch, dangerouslyWithoutSandbox },
    approvePlan: settings.approvePlan,
    summary: plan.summary,
    subtasks: subtasks.sort((a, b) => a.round - b.round),
    concurrency: settings.concurrency,
    copy: [...settings.copy],
    setup: { commands: [...settings.setup], access: access("setupAccess") },
    verify: { commands: [...settings.verify], access: access("verifyAccess") },
    result: { branch: resultBranch(jobId), worktree: worktree("result") },
    push: push && { remote: push.remote, url: push.url },
    usage: { ...usage },
  };
}

/** One more than the latest round of those that it waits for. A plan has no cycles: it was checked. */
function roundsOf(subtasks: readonly SubtaskSpec[]): ReadonlyMap<string, number> {
  const byId = new Map(subtasks.map((subtask) => [subtask.id, subtask]));
  const rounds = new Map<string, number>();
  const roundOf = (id: string): number => {
    const known = rounds.get(id);
    if (known !== undefined) return known;
    const round = 1 + Math.max(0, ...(byId.get(id)?.dependsOn ?? []).map(roundOf));
    rounds.set(id, round);
    return round;
  };
  for (const { id } of subtasks) roundOf(id);
  return rounds;
}
