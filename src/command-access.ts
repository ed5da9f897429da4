/** What the setup and verify commands of a job may reach, as its record and the settings say. */

import { type Config, loadConfig } from "./config/load-config.ts";
import type { Activity } from "./core/activity.ts";
import type { CodingJobInput, RunCommandsInput, RunCommandsOutput } from "./core/coding.ts";
import { findCodex } from "./services/codex/find-codex.ts";
import type { CommandAccess } from "./services/commands/hold-command.ts";
import { runCommands } from "./services/commands/run-commands.ts";
import type { Sandbox } from "./services/sandbox/run-sandboxed.ts";

/** What a job's record says counts, not how this orchestrator was started. */
export const goesWithoutSandbox = ({ settings }: CodingJobInput): boolean =>
  settings.dangerouslyWithoutSandbox === true;

export function commandAccess(
  config: Config,
  setting: "setupAccess" | "verifyAccess",
  sandbox: Sandbox,
): CommandAccess {
  const kind = config[setting];
  return kind === "everything" || sandbox === "dangerously-none" ? "everything" : { kind, sandbox, setting };
}

export type RunSetup = (job: CodingJobInput) => Activity<RunCommandsInput, RunCommandsOutput>;

/** Setup commands of jobs that no engine runs here, held as an engine's are: a fork makes its worktrees with them. */
export function createRunSetup(environment: Readonly<Record<string, string | undefined>>, directory: string): RunSetup {
  return (job) => async (input, context) => {
    const config = loadConfig({ flags: { repository: job.repository.root }, environment, directory });
    const { codexPath, codexHome, maxProcesses } = config;
    const sandbox = async (): Promise<Sandbox> => {
      const { path } = await findCodex({ codex: codexPath, environment, cwd: directory });
      return { codexPath: path, codexHome, environment };
    };
    const access = commandAccess(config, "setupAccess", goesWithoutSandbox(job) ? "dangerously-none" : await sandbox());
    return runCommands(input, context, { maxProcesses, access });
  };
}
