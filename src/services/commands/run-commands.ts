/** Runs the commands of the user's own orch.config.json (setup, verify) in a worktree, one after the other. */

import { appendFile, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type ActivityContext, throwIfStopped } from "../../core/activity.ts";
import { systemClock } from "../../core/clock.ts";
import type { RunCommandsInput, RunCommandsOutput } from "../../core/coding.ts";
import { printableText } from "../../core/ids.ts";
import type { WorkWatch } from "../../core/work-watch.ts";
import { endAtExit } from "../end-at-exit.ts";
import { type ProcessEnd, signalGroup, startDetached } from "../process.ts";
import { identifyProcess, isAlive } from "../process-identity.ts";
import { watchProcesses } from "../process-limit.ts";
import { commandsMark, type ProcessMark } from "../process-marks.ts";
import { endProcessTree } from "../process-tree.ts";
import { type CommandAccess, deniedWords, holdCommand } from "./hold-command.ts";

/** Characters of the output that are handed on: an agent reads them, and the history keeps them. */
const TAIL_LENGTH = 4_000;

export interface RunCommandsSettings {
  readonly maxProcesses: number;
  readonly access: CommandAccess;
  /** Told of each command that has ended. */
  readonly watch?: WorkWatch | undefined;
}

/**
 * A command is shell text that the user wrote for their own repository, but it runs what agents wrote: so `sh -c`, in the
 * sandbox as far as `access` says, with an environment from an allow-list. Its output goes to `commands-<worktree>.log` in
 * the job's folder as it comes. When a command ends, fails, or is stopped, what it left running is ended too. After a crash,
 * those that are done are not run again.
 */
export async function runCommands(
  input: RunCommandsInput,
  context: ActivityContext,
  settings: RunCommandsSettings,
): Promise<RunCommandsOutput> {
  const { worktree, commands, limitMs } = input;
  const log = join(dirname(dirname(worktree.path)), `commands-${worktree.name}.log`);
  const mark = commandsMark(worktree.path, context.effectId);
  // What an attempt that was killed left running would work on beside this one.
  await endLeftCommands(input, context);
  for (let done = commandsDone(context); done < commands.length; done++) {
    const command = commands[done] ?? "";
    const begunAt = performance.now();
    const failure = await runCommand({ command, cwd: worktree.path, log, mark, limitMs, ...settings, context });
    settings.watch?.onToolCall?.(
      { jobId: context.jobId, name: worktree.name },
      {
        tool: context.invokeId,
        arguments: command,
        outcome: failure?.timedOut ? "timed out" : `exit code ${failure ? failure.exitCode : 0}`,
        tookMs: performance.now() - begunAt,
      },
    );
    if (failure) return { failure };
    await context.checkpoint({ commandsDone: done + 1 });
  }
  return { failure: null };
}

/** Ends what an attempt whose orchestrator died left running. */
export async function endLeftCommands({ worktree }: RunCommandsInput, context: ActivityContext): Promise<void> {
  await endProcessTree(undefined, commandsMark(worktree.path, context.effectId), context.holdsJob);
}

interface CommandRun {
  readonly command: string;
  readonly cwd: string;
  readonly log: string;
  readonly mark: ProcessMark;
  readonly limitMs: number;
  readonly maxProcesses: number;
  readonly access: CommandAccess;
  readonly context: ActivityContext;
}

/** Null if it exited with 0. Throws the signal's reason when aborted. */
async function runCommand(run: CommandRun): Promise<RunCommandsOutput["failure"]> {
  const { command, cwd, log, mark, context } = run;
  throwIfStopped(context);
  await appendFile(log, `\n${new Date().toISOString()} $ ${printableText(command)}\n`, { mode: 0o600 });
  const begin = (await stat(log)).size;
  using held = holdCommand(command, cwd, context.effectId, run.access);
  const { pid, ended } = await startDetached({
    command: held.command,
    args: held.args,
    cwd,
    env: { ...held.env, [mark.name]: mark.value },
    stdoutFile: log,
    stderrFile: log,
  });
  using _ = endAtExit(pid, mark);
  using watch = watchProcesses(pid, mark, run);
  const identity = await identifyProcess(pid);
  let end: ProcessEnd | undefined;
  try {
    end = await firstOf(ended, run);
  } finally {
    await endProcessTree(identity, mark, context.holdsJob);
    // Under the same mark another orchestrator may run the command by now: only our own is ended.
    if (identity && (await isAlive(identity))) signalGroup(pid, "SIGKILL");
  }
  throwIfStopped(context);
  if (watch.exceeded !== undefined) await appendFile(log, `\n${tooMany(watch.exceeded, run.maxProcesses)}\n`);
  const denied = end?.exitCode === 0 ? undefined : deniedWords(run.access, await tailOf(log, begin));
  if (denied !== undefined) await appendFile(log, `\n${denied}\n`);
  const outputTail = await tailOf(log, begin);
  const outcome = end ? `exit code ${end.exitCode ?? end.signal}` : "took too long and was ended";
  await appendFile(log, `${outputTail.endsWith("\n") || outputTail === "" ? "" : "\n"}${outcome}\n`);
  if (end?.exitCode === 0) return null;
  return { command, exitCode: end?.exitCode ?? null, timedOut: end === undefined, outputTail };
}

const tooMany = (found: number, limit: number) =>
  `orch: ended with ${found} processes; the limit is ${limit} (maxProcesses)`;

/** How it ended; undefined if the time was up, or the signal came, before that. */
function firstOf(
  ended: Promise<ProcessEnd>,
  { limitMs, context: { signal } }: CommandRun,
): Promise<ProcessEnd | undefined> {
  return new Promise((resolve) => {
    const stop = () => resolve(undefined);
    const cancelTimer = systemClock.setTimer(stop, limitMs);
    signal.addEventListener("abort", stop, { once: true });
    void ended.then((end) => {
      cancelTimer();
      signal.removeEventListener("abort", stop);
      resolve(end);
    });
  });
}

/** The last characters that were written behind `begin`, without what colours them. */
async function tailOf(log: string, begin: number): Promise<string> {
  await using file = await open(log, "r");
  const { size } = await file.stat();
  // A character has at most 4 bytes, and what is stripped needs room, too.
  const from = Math.max(begin, size - TAIL_LENGTH * 8);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  return printableText(stripVTControlCharacters(buffer.toString("utf8", 0, bytesRead))).slice(-TAIL_LENGTH);
}

function commandsDone({ lastHeartbeat }: ActivityContext): number {
  const known = lastHeartbeat as { readonly commandsDone?: unknown } | null | undefined;
  return typeof known?.commandsDone === "number" ? known.commandsDone : 0;
}
