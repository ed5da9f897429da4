/** The environment and the git settings of a command that only reads: nothing that is configured anywhere runs along. */

import { dirname } from "node:path";

/**
 * Built from nothing: no key, no proxy, no `GIT_*` variable of the orchestrator's own environment comes through.
 * Git finds no settings but the repository's, takes no lock, asks nobody, and looks for no repository above `root`.
 */
export function readEnvironment(root: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
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
