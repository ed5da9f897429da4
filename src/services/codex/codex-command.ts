/** The command line and the environment of a Codex turn. What the user's own Codex is set to is neither used nor touched. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { WorkWatch } from "../../core/work-watch.ts";
import { passedEnvironment } from "../environment.ts";
import type { ProcessMark } from "../process-marks.ts";
import { nodeOutput } from "../sandbox/node-output.ts";
import { toToml } from "../toml.ts";

export interface CodexSettings {
  /** Absolute path of the program. */
  readonly codexPath: string;
  /** Absolute path of the folder that Codex keeps its threads in. */
  readonly codexHome: string;
  readonly apiKey: string;
  /** Of the Responses API, with its `/v1`. */
  readonly baseUrl: string;
  /** The user said so, loudly: the agent can then do all that the user can. Default: false. */
  readonly dangerouslyWithoutSandbox?: boolean;
  /** Processes that a turn may have at a time. */
  readonly maxProcesses?: number;
  /** Told what the agent does. */
  readonly watch?: WorkWatch | undefined;
  /** Ours, usually `process.env`: an allow-list of it is passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface CodexCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface CodexTurn {
  readonly worktree: string;
  readonly model: string | null;
  /** The thread to go on with; null for a new one. */
  readonly threadId: string | null;
  readonly jobId: string;
  readonly effectId: string;
  readonly mark: ProcessMark;
  /** The folder of this run: its temporary folder is made in it. */
  readonly runFolder: string;
}

/** Codex tries a request again this often by itself; after that it is the engine's turn, which waits longer and is durable. */
const STREAM_RETRIES = 2;

/** The prompt is read from stdin: there it is never taken for an option, and may be longer than an argument. */
export function codexTurnCommand(settings: CodexSettings, turn: CodexTurn): CodexCommand {
  const temporary = temporaryFolder(turn);
  const config: Record<string, unknown> = {
    "model_providers.orch": {
      name: "orch",
      base_url: settings.baseUrl,
      wire_api: "responses",
      env_key: "OPENAI_API_KEY",
      request_max_retries: 0,
      stream_max_retries: STREAM_RETRIES,
    },
    model_provider: "orch",
    ...(turn.model !== null && { model: turn.model }),
    approval_policy: "never",
    sandbox_mode: settings.dangerouslyWithoutSandbox === true ? "danger-full-access" : "workspace-write",
    sandbox_workspace_write: {
      network_access: false,
      writable_roots: [],
      exclude_slash_tmp: true,
      exclude_tmpdir_env_var: false,
    },
    shell_environment_policy: {
      inherit: "all",
      // Leaves out every name with KEY, SECRET or TOKEN in it, whatever else is passed on.
      ignore_default_excludes: false,
      // The mark stays: by it, what an agent leaves running is found.
      exclude: ["OPENAI_*", "CODEX_HOME", "*_PROXY", "ORCH_JOB_ID", "ORCH_EFFECT_ID"],
      include_only: [],
      // A bash that believes itself to be the outermost one reads the user's start-up files, and exports what they do.
      set: { SHLVL: "1", ...nodeOutput(turn.runFolder) },
    },
    allow_login_shell: false,
    features: {
      // It runs the user's login shell with all its start-up files, outside of the sandbox and with our environment.
      shell_snapshot: false,
      // They are fetched from the network at every start.
      plugins: false,
      // Else Codex waits for ever for a server that isn't there: that is the engine's part, which says so.
      unbounded_connection_retries: false,
    },
  };
  return {
    args: [
      "exec",
      "--json",
      "--skip-git-repo-check",
      // A rule can let a command out of the sandbox.
      "--ignore-rules",
      ...["-C", turn.worktree],
      ...Object.entries(config).flatMap(([key, value]) => ["-c", `${key}=${toToml(value)}`]),
      ...(turn.threadId === null ? ["-"] : ["resume", turn.threadId, "-"]),
    ],
    env: {
      ...codexEnvironment(settings),
      OPENAI_API_KEY: settings.apiKey,
      ORCH_JOB_ID: turn.jobId,
      ORCH_EFFECT_ID: turn.effectId,
      [turn.mark.name]: turn.mark.value,
      TMPDIR: temporary,
    },
  };
}

/** The environment of any call of Codex: without the key, which only a turn needs. */
export function codexEnvironment(settings: Pick<CodexSettings, "codexHome" | "environment">): Record<string, string> {
  return passedEnvironment(settings.environment, { CODEX_HOME: settings.codexHome });
}

/**
 * A temporary folder of the turn's own: in the system's, an agent could change the files of other programs and of other
 * agents, and a repository that lies there.
 */
function temporaryFolder({ runFolder }: CodexTurn): string {
  const own = join(runFolder, "tmp");
  mkdirSync(own, { recursive: true, mode: 0o700 });
  return own;
}
