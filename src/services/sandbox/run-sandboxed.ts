/** Runs a program that an agent chose: in the operating system's sandbox, with limits to its time, output and processes. */

import { randomUUID } from "node:crypto";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { endAtExit } from "../end-at-exit.ts";
import { passedEnvironment } from "../environment.ts";
import { type ProcessResult, runProcess } from "../process.ts";
import { type ProcessWatch, watchProcesses } from "../process-limit.ts";
import type { ProcessMark } from "../process-marks.ts";
import { endProcessTree } from "../process-tree.ts";
import { isProgram } from "./find-program.ts";
import { limitedCommand, type SandboxedProgram, sandboxCommand } from "./sandbox-command.ts";

/** The sandbox that Codex brings along. */
export interface CodexSandbox {
  /** Absolute path of the program. */
  readonly codexPath: string;
  /** Absolute path of the folder that Codex keeps its files in. */
  readonly codexHome: string;
  /** Ours, usually `process.env`: an allow-list of it is passed on to the sandbox, nothing to what runs in it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What holds a program that an agent chose. `dangerously-none`: nothing but the limits, because the user said so. */
export type Sandbox = CodexSandbox | "dangerously-none";

export interface SandboxedRun extends SandboxedProgram {
  /** Absolute path of the folder to run in. */
  readonly cwd: string;
  /** By which its processes are known: `orch ps` lists them, and a later orchestrator ends them. */
  readonly mark: ProcessMark;
  /** Milliseconds after which it is ended. */
  readonly limitMs: number;
  readonly maxProcesses: number;
  /** Of each of stdout and stderr: whoever prints more is ended. */
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface SandboxedResult extends ProcessResult {
  /** How many processes there were when it was ended for them; undefined if it never had too many. */
  readonly tooManyProcesses: number | undefined;
}

/**
 * Codex makes itself helpers at each start. Where it cannot (several start at once; its folder is below the system's temporary
 * one) it says so before it starts the program: these are not the program's words.
 */
const CODEX_OWN_WORDS = /^WARNING: proceeding, even though we could not create PATH aliases: .*\n?/;

/**
 * Any exit code is a result. Throws an `OrchError` (`sandbox-unavailable`) when there is no sandbox, and what `runProcess`
 * throws. Nothing of it is left running.
 */
export async function runSandboxed(given: SandboxedRun, sandbox: Sandbox): Promise<SandboxedResult> {
  // Commands that run side by side for one agent carry the same mark: by this one, each is told from the others.
  const own = { name: "ORCH_RUN", value: randomUUID() };
  const run = { ...given, env: { ...given.env, [given.mark.name]: given.mark.value, [own.name]: own.value } };
  if (sandbox === "dangerously-none") return await runLimited(run, own, limitedCommand(run), {});
  if (!(await isProgram(sandbox.codexPath))) {
    throw new OrchError(`there is no sandbox: ${printable(sandbox.codexPath, 300)} is not a program any more`, {
      code: "sandbox-unavailable",
      hint: 'install Codex CLI again, and see what "orch doctor" says of it',
    });
  }
  const outer = passedEnvironment(sandbox.environment, { CODEX_HOME: sandbox.codexHome });
  const result = await runLimited(run, own, sandboxCommand(sandbox.codexPath, run), outer);
  return { ...result, stderr: result.stderr.replace(CODEX_OWN_WORDS, "") };
}

/** @param outer environment of the sandbox's own program */
async function runLimited(
  { cwd, mark, limitMs, maxProcesses, maxOutputBytes, signal }: SandboxedRun,
  own: ProcessMark,
  [command = "", ...args]: readonly string[],
  outer: Readonly<Record<string, string>>,
): Promise<SandboxedResult> {
  using held = new DisposableStack();
  let watch: ProcessWatch | undefined;
  const running = runProcess({
    command,
    args,
    cwd,
    env: { ...outer, [mark.name]: mark.value, [own.name]: own.value },
    timeoutMs: limitMs,
    maxOutputBytes,
    overflow: "stop",
    onStart: (pid) => {
      watch = held.use(watchProcesses(pid, own, { maxProcesses }));
      held.use(endAtExit(pid, own));
    },
    ...(signal && { signal }),
  });
  try {
    return { ...(await running), tooManyProcesses: watch?.exceeded };
  } finally {
    await endProcessTree(undefined, own);
  }
}
