/** How a setup or verify command is held: in which sandbox it runs, and with what around it. */

import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { effectName } from "../../core/ids.ts";
import { passedEnvironment } from "../environment.ts";
import { nodeOutput } from "../sandbox/node-output.ts";
import type { CodexSandbox } from "../sandbox/run-sandboxed.ts";
import { sandboxCommand } from "../sandbox/sandbox-command.ts";

/** `everything`: no sandbox, because the user said so, of these commands or of the whole job. */
export type CommandAccess =
  | "everything"
  | { readonly kind: "worktree" | "network"; readonly sandbox: CodexSandbox; readonly setting: string };

export interface HeldCommand extends Disposable {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** @param worktree the folder that it runs in, and the only one that it may write in, besides a temporary one of its own */
export function holdCommand(text: string, worktree: string, effectId: string, access: CommandAccess): HeldCommand {
  const words = ["-c", text];
  if (access === "everything") {
    const env = passedEnvironment(process.env, { TERM: "dumb" });
    return { command: "sh", args: words, env, [Symbol.dispose]: () => {} };
  }
  const { sandbox, kind } = access;
  // A fork sets several worktrees up under one id.
  const folder = join(dirname(dirname(worktree)), "scratch", `commands-${basename(worktree)}-${effectName(effectId)}`);
  const temporary = join(folder, "tmp");
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const hasNetwork = kind === "network";
  const own = {
    TERM: "dumb",
    TMPDIR: temporary,
    XDG_CACHE_HOME: join(temporary, "cache"),
    npm_config_cache: join(temporary, "npm"),
    // Where there is a network, sockets work, and with them Node's pipes.
    ...(hasNetwork ? {} : nodeOutput(folder)),
  };
  const [command = "", ...args] = sandboxCommand(sandbox.codexPath, {
    program: "/bin/sh",
    args: words,
    // What it gets is inherited: a proxy's password is not to stand on a command line.
    env: null,
    writable: [worktree, temporary],
    hasNetwork,
  });
  return {
    command,
    args,
    env: passedEnvironment(process.env, { CODEX_HOME: sandbox.codexHome, ...own }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const DENIED =
  /\b(?:EPERM|EROFS|ENETUNREACH|EAI_AGAIN)\b|operation not permitted|read-only file system|network is unreachable|could not resolve host/i;

/** What is to be said beside the output of a command that failed, if the sandbox may be why. */
export function deniedWords(access: CommandAccess, output: string): string | undefined {
  if (access === "everything" || !DENIED.test(output)) return undefined;
  const network = access.kind === "network" ? "" : "no network, ";
  return `orch: it ran in a sandbox: ${network}nothing to be written outside of the worktree and $TMPDIR. If it needs more, set "${access.setting}" in orch.config.json`;
}
