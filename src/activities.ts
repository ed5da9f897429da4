/** The activities of a coding job: which service does each, and how often it is tried. */

import { commandAccess } from "./command-access.ts";
import type { Config } from "./config/load-config.ts";
import type { Activity } from "./core/activity.ts";
import type { CodingActivities } from "./core/coding.ts";
import type { WorkWatch } from "./core/work-watch.ts";
import type { ActivityDefinition, RetryPolicy } from "./engine/workflow.ts";
import { createPlanTask, endLeftPlanning } from "./services/agents/plan-task.ts";
import { createRunCodexTurn, endLeftCodex } from "./services/codex/run-codex-turn.ts";
import { endLeftCommands, runCommands } from "./services/commands/run-commands.ts";
import { checkWork } from "./services/git/check-work.ts";
import { commitWork } from "./services/git/commit-work.ts";
import { concludeConflict } from "./services/git/conclude-conflict.ts";
import { describeResult } from "./services/git/describe-result.ts";
import type { SizeLimits } from "./services/git/file-sizes.ts";
import { integrate } from "./services/git/integrate.ts";
import { prepareJob } from "./services/git/prepare-job.ts";
import { prepareWorktree } from "./services/git/prepare-worktree.ts";
import { createPushResult } from "./services/git/push-result.ts";
import type { Sandbox } from "./services/sandbox/run-sandboxed.ts";

type Definitions = {
  readonly [Name in keyof CodingActivities]: ActivityDefinition & {
    readonly run: Activity<CodingActivities[Name]["input"], CodingActivities[Name]["output"]>;
  };
};

/** For work on this machine: another process may hold a lock for a moment. */
const localRetry: RetryPolicy = {
  maximumAttempts: 3,
  initialIntervalMs: 500,
  backoffCoefficient: 3,
  maximumIntervalMs: 5000,
};

/** For what asks somebody else: a model, an agent, a remote. */
export function remoteRetry({
  maxAttempts,
  retryInterval,
}: Pick<Config, "maxAttempts" | "retryInterval">): RetryPolicy {
  return {
    maximumAttempts: maxAttempts,
    initialIntervalMs: retryInterval,
    backoffCoefficient: 3,
    maximumIntervalMs: 5 * 60_000,
  };
}

/**
 * @param codexPath absolute path of the Codex CLI
 * @param environment what allow-lists for processes choose from, usually `process.env`
 * @param secrets values that must not get out, whatever holds them
 * @param watch told what planner, agents and commands do
 * @param goesWithoutSandbox whether a job was begun with the setting that takes the sandbox away: what its record says
 */
export function codingActivities(
  config: Config,
  codexPath: string,
  environment: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
  goesWithoutSandbox: (jobId: string) => boolean,
  watch: WorkWatch,
): Definitions {
  const { apiKey = "", baseUrl, codexHome, outputLimit, maxProcesses } = config;
  const sandboxOf = (jobId: string): Sandbox =>
    goesWithoutSandbox(jobId) ? "dangerously-none" : { codexPath, codexHome, environment };
  const limits: SizeLimits = {
    fileBytes: config.maxFileMegabytes * 1024 * 1024,
    totalBytes: config.maxWorkMegabytes * 1024 * 1024,
  };
  const retryRemote = remoteRetry(config);
  return {
    prepareJob: { run: prepareJob, retry: localRetry },
    planTask: {
      run: (input, context) => {
        const sandbox = sandboxOf(context.jobId);
        const planTask = createPlanTask({ apiKey, baseUrl, outputLimit, sandbox, environment, maxProcesses, watch });
        return planTask(input, context);
      },
      cleanUp: endLeftPlanning,
      retry: retryRemote,
    },
    prepareWorktree: { run: prepareWorktree, retry: localRetry },
    integrate: { run: integrate, retry: localRetry },
    concludeConflict: { run: (input, context) => concludeConflict(input, context, limits), retry: localRetry },
    runCommands: {
      run: (input, context) => {
        const setting = context.invokeId === "setup" ? "setupAccess" : "verifyAccess";
        const access = commandAccess(config, setting, sandboxOf(context.jobId));
        return runCommands(input, context, { maxProcesses, access, watch });
      },
      cleanUp: endLeftCommands,
    },
    runCodexTurn: {
      run: (input, context) => {
        const dangerouslyWithoutSandbox = goesWithoutSandbox(context.jobId);
        const settings = { codexPath, codexHome, apiKey, baseUrl, environment, maxProcesses, watch };
        return createRunCodexTurn({ ...settings, dangerouslyWithoutSandbox })(input, context);
      },
      cleanUp: endLeftCodex,
      retry: retryRemote,
    },
    checkWork: { run: (input, context) => checkWork(input, context, limits), retry: localRetry },
    commitWork: { run: commitWork, retry: localRetry },
    describeResult: { run: describeResult, retry: localRetry },
    pushResult: { run: createPushResult({ secrets, allowed: config.allowCredentials }), retry: retryRemote },
  };
}
