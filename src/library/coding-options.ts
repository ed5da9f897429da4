/** How a coding job is asked for in a program: the words of Codex Orchestrator, and every setting of `orch run`. */

import { type Config, loadConfig } from "../config/load-config.ts";
import type { SettingName } from "../config/settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a coding job is worked on, and how. What is left out comes from where `orch run` takes it from. */
export interface CodingOptions {
  /** The repository. Default: ORCHESTRATOR_BASE_DIR, else the current folder. */
  readonly baseDir?: string;
  /** Another name of `baseDir`; the stronger one. */
  readonly repoRoot?: string;
  /** Branch that the work starts from. Default: the commit that is checked out. */
  readonly baseBranch?: string;
  /** Push the result's branch when the job is done. Default: no. */
  readonly pushResult?: boolean;
  /** Wait for `plan.approve` (`orch approve`, or `signal` of the run) before the plan is worked on. */
  readonly approvePlan?: boolean;
  /** How many subtasks are worked on at a time. */
  readonly concurrency?: number;
  readonly maxSubtasks?: number;
  readonly plannerModel?: string;
  /** Model of the agents. Default: Codex's own. */
  readonly model?: string;
  /** Commands run in each subtask's worktree before its agent starts. */
  readonly setup?: readonly string[];
  /** Commands that must pass on the merged result. */
  readonly verify?: readonly string[];
  /** Untracked files copied from the checkout into each worktree. */
  readonly copy?: readonly string[];
  /** DANGEROUS: a new job without any sandbox. Agents can then do all that you can. */
  readonly dangerouslyWithoutSandbox?: boolean;
  /** Instead of the process's: what settings, keys and the allow-lists of processes are taken from. */
  readonly environment?: Environment;
  /** The folder whose `.env` is read, and which relative paths are relative to. Default: the current one. */
  readonly directory?: string;
}

const SETTING_OF: Readonly<Partial<Record<keyof CodingOptions, SettingName>>> = {
  baseBranch: "baseBranch",
  pushResult: "pushResult",
  approvePlan: "approvePlan",
  concurrency: "concurrency",
  maxSubtasks: "maxSubtasks",
  plannerModel: "plannerModel",
  model: "codexModel",
  setup: "setup",
  verify: "verify",
  copy: "copy",
  dangerouslyWithoutSandbox: "dangerouslyWithoutSandbox",
};

export interface CodingSurroundings {
  readonly config: Config;
  readonly environment: Environment;
  readonly directory: string;
}

/** @throws UsageError `bad-setting`, `bad-config-file`, `unsafe-dotenv` */
export function surroundingsOf(options: CodingOptions, jobId?: string): CodingSurroundings {
  const { environment = process.env, directory = process.cwd(), repoRoot, baseDir } = options;
  const chosen = Object.entries(SETTING_OF).map(([name, setting]) => [setting, options[name as keyof CodingOptions]]);
  const values = Object.fromEntries([...chosen, ["repository", repoRoot ?? baseDir], ["jobId", jobId]]);
  const flags = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return { config: loadConfig({ flags, environment, directory, nameOfFlag: optionNamed }), environment, directory };
}

function optionNamed(setting: SettingName): string {
  if (setting === "repository") return "baseDir";
  return Object.entries(SETTING_OF).find(([, of]) => of === setting)?.[0] ?? setting;
}
