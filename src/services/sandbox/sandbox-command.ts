/** The words that start a program in the operating system's sandbox: Codex's own, which every user of orch has. Pure. */

import { toToml } from "../toml.ts";

export interface SandboxedProgram {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /**
   * The whole environment that it gets. Its values stand on the command line for all users to see: no secrets. Null: it
   * inherits that of the sandbox's own program.
   */
  readonly env: Readonly<Record<string, string>> | null;
  /** Absolute paths of the folders that it may write in. None: it can write nowhere. */
  readonly writable: readonly string[];
  /** Default: it has none. */
  readonly hasNetwork?: boolean;
}

/** Above this a file is no text and no build's output any more: 2 GiB, in blocks of 512 bytes. */
const LARGEST_FILE = 4 * 1024 * 1024;

/**
 * What the shell does before it becomes the program: no core files, no giant files, and when memory runs out the system
 * takes this program, not the orchestrator. The words are handed on as they are, never read.
 */
const LIMITS = `ulimit -c 0; ulimit -f ${LARGEST_FILE}; { echo 800 > /proc/self/oom_score_adj; } 2>/dev/null; exec "$@"`;

/**
 * Hands a program's output on through real pipes, and ends as it ended. What Node makes for a child's output are sockets,
 * and in the sandbox no system call for sockets works: a Node in there takes its output for nothing and drops it.
 */
const THROUGH_PIPES = `exec 4>&1 5>&2
code=$( { { { "$@" 3>&- 4>&- 5>&- 6>&-; echo $? >&3; } 2>&1 >&6 | cat >&5 3>&- 6>&-; } 6>&1 | cat >&4 3>&-; } 3>&1 )
exit "$code"`;

/** A program in the sandbox, with its output through pipes: `[command, ...args]`. */
export function sandboxCommand(codexPath: string, program: SandboxedProgram): readonly string[] {
  return ["/bin/sh", "-c", THROUGH_PIPES, "sh", codexPath, ...sandboxArguments(program)];
}

/** Arguments for `codex`. Every setting of the sandbox is named, so that no configuration file has a say in it. */
function sandboxArguments({ program, args, env, writable, hasNetwork = false }: SandboxedProgram): readonly string[] {
  const config: Record<string, unknown> = {
    sandbox_mode: writable.length === 0 ? "read-only" : "workspace-write",
    sandbox_workspace_write: {
      network_access: hasNetwork,
      writable_roots: writable,
      exclude_slash_tmp: true,
      exclude_tmpdir_env_var: true,
    },
  };
  return [
    "sandbox",
    ...Object.entries(config).flatMap(([key, value]) => ["-c", `${key}=${toToml(value)}`]),
    "--",
    ...limitedCommand({ program, args, env }),
  ];
}

/** The program with its limits, without a sandbox: `[command, ...args]`. */
export function limitedCommand({ program, args, env }: Omit<SandboxedProgram, "writable">): readonly string[] {
  if (env === null) return ["/usr/bin/env", "-u", "CODEX_HOME", "/bin/sh", "-c", LIMITS, "sh", program, ...args];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // `env -i` leaves out what the sandbox's own program adds of its own.
  return ["/usr/bin/env", "-i", ...variables, "/bin/sh", "-c", LIMITS, "sh", program, ...args];
}
