/** The environment and the git settings of a command that only reads: nothing that is configured anywhere runs along. */

import { dirname, join } from "node:path";
import { absolutePath } from "../sandbox/find-program.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Built from nothing: no key, no proxy, no `GIT_*` variable of the orchestrator's own environment comes through.
 * Git finds no settings but the repository's, takes no lock, asks nobody, and looks for no repository above `root`.
 */
export function readEnvironment(root: string, { PATH }: Environment = process.env): Record<string, string> {
  return {
    PATH: absolutePath(PATH),
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_CEILING_DIRECTORIES: dirname(root),
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_PAGER: "cat",
    // A partial clone would fetch what is missing.
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
  };
}

/** What programs and the managers of their versions need to find themselves, and how the user writes and counts. */
const PASSED = ["HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ"];

/**
 * The environment of a command that runs the repository's code: no key, no proxy, and a temporary folder of its own for
 * whatever is written beside the worktree.
 */
export function codeEnvironment(temporary: string, environment: Environment = process.env): Record<string, string> {
  const passed = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && (PASSED.includes(name) || name.startsWith("LC_")) ? [[name, value]] : [],
  );
  return {
    ...Object.fromEntries(passed),
    PATH: absolutePath(environment.PATH),
    TERM: "dumb",
    // A bash that believes itself to be the outermost one reads the user's start-up files, and exports what they do.
    SHLVL: "1",
    TMPDIR: temporary,
    XDG_CACHE_HOME: join(temporary, "cache"),
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    npm_config_cache: join(temporary, "npm"),
    npm_config_update_notifier: "false",
    COREPACK_ENABLE_NETWORK: "0",
  };
}

/** Settings of the repository that would start a program, each set to something that does not. */
const NEUTRAL = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.pager=cat",
  "core.sshCommand=false",
  "protocol.allow=never",
  "log.showSignature=false",
  "gpg.program=false",
  "gpg.openpgp.program=false",
  "gpg.ssh.program=false",
  "gpg.x509.program=false",
  "submodule.recurse=false",
  "grep.fallbackToNoIndex=false",
  "color.ui=false",
  "core.quotePath=false",
  // `git diff` writes the index otherwise, whatever GIT_OPTIONAL_LOCKS says.
  "diff.autoRefreshIndex=false",
  // The user's own list of safe directories is in a file that is not read; orch checked the repository when it began.
  "safe.directory=*",
];

export function gitReadArguments(args: readonly string[]): readonly string[] {
  return ["--no-pager", ...NEUTRAL.flatMap((setting) => ["-c", setting]), ...args];
}
