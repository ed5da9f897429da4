/** The activities of a coding job: which service does each, and how often it is tried. */

import type { Config } from "./config/load-config.ts";
import type { Activity } from "./core/activity.ts";
import type { CodingActivities } from "./core/coding.ts";
import type { ActivityDefinition, RetryPolicy } from "./engine/workflow.ts";
import { createPlanTask } from "./services/agents/plan-task.ts";
import { createRunCodexTurn, endLeftCodex } from "./services/codex/run-codex-turn.ts";
import { endLeftCommands, runCommands } from "./services/commands/run-commands.ts";
import { checkWork } from "./services/git/check-work.ts";
import { commitWork } from "./services/git/commit-work.ts";
import { concludeConflict } from "./services/git/conclude-conflict.ts";
import { describeResult } from "./services/git/describe-result.ts";
import { integrate } from "./services/git/integrate.ts";
import { prepareJob } from "./services/git/prepare-job.ts";
import { prepareWorktree } from "./services/git/prepare-worktree.ts";
import { pushResult } from "./services/git/push-result.ts";

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

/**
 * @param codexPath absolute path of the Codex CLI
 * @param environment what allow-lists for processes choose from, usually `process.env`
 */
export function codingActivities(
  config: Config,
  codexPath: string,
  environment: Readonly<Record<string, string | undefined>>,
): Definitions {
  const { apiKey = "", baseUrl, codexHome, outputLimit } = config;
  const remoteRetry: RetryPolicy = {
    maximumAttempts: config.maxAttempts,
    initialIntervalMs: config.retryInterval,
    backoffCoefficient: 3,
    maximumIntervalMs: 5 * 60_000,
  };
  return {
    prepareJob: { run: prepareJob, retry: localRetry },
    planTask: { run: createPlanTask({ apiKey, baseUrl, outputLimit }), retry: remoteRetry },
    prepareWorktree: { run: prepareWorktree, retry: localRetry },
    integrate: { run: integrate, retry: localRetry },
    concludeConflict: { run: concludeConflict, retry: localRetry },
    runCommands: { run: runCommands, cleanUp: endLeftCommands },
    runCodexTurn: {
      run: createRunCodexTurn({ codexPath, codexHome, apiKey, baseUrl, environment }),
      cleanUp: endLeftCodex,
      retry: remoteRetry,
    },
    checkWork: { run: checkWork, retry: localRetry },
    commitWork: { run: commitWork, retry: localRetry },
    describeResult: { run: describeResult, retry: localRetry },
    pushResult: { run: pushResult, retry: remoteRetry },
  };
}
