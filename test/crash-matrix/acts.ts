/** Which programs that orch starts are acts, and what they are called in the matrix. */

import { basename } from "node:path";

/** Git commands that only look. Whatever is not in this list is taken for an act. */
const READING = new Set([
  "cat-file",
  "check-ref-format",
  "config",
  "diff",
  "diff-tree",
  "for-each-ref",
  "grep",
  "log",
  "ls-files",
  "ls-remote",
  "ls-tree",
  "remote",
  "rev-list",
  "rev-parse",
  "show",
  "show-ref",
  "status",
  "symbolic-ref",
  "var",
  "version",
]);

export interface Act {
  readonly name: string;
  /** Whether it goes on by itself for long, so that its start is a place of its own. */
  readonly isLong: boolean;
}

/** Undefined for a program that leaves nothing behind. */
export function actOf(command: string, args: readonly string[]): Act | undefined {
  switch (basename(command)) {
    case "git": {
      const words = gitWords(args);
      const [subcommand = "", action] = words;
      if (subcommand === "" || READING.has(subcommand)) return undefined;
      if (subcommand === "worktree")
        return action === "list" ? undefined : { name: `git worktree ${action}`, isLong: false };
      return { name: `git ${subcommand}`, isLong: false };
    }
    case "codex":
      return args[0] === "exec" ? { name: "codex", isLong: true } : undefined;
    case "sh":
      return { name: "command", isLong: true };
    default:
      return undefined;
  }
}

/** The words behind git's own options. */
function gitWords(args: readonly string[]): readonly string[] {
  let at = 0;
  while (args[at]?.startsWith("-")) at += args[at] === "-c" || args[at] === "-C" ? 2 : 1;
  return args.slice(at);
}
