/** Runs what an agent asks of `run_repo_command`: judged by the policy, run without a shell, answered as text. */

import { printable, printableText } from "../../core/ids.ts";
import { type ProcessResult, runProcess } from "../process.ts";
import { appendCommandLog } from "./command-log.ts";
import { judgeCommand } from "./command-policy.ts";
import { gitReadArguments, readEnvironment } from "./read-environment.ts";
import { resolveInside } from "./repo-path.ts";

export interface RepoCommandSettings {
  /** Absolute path of the worktree that is read: no command leaves it. */
  readonly root: string;
  /** File that every command and its whole output is appended to. */
  readonly log: string;
  /** Characters of output that go back to the agent. Default 4000. */
  readonly outputLimit?: number | undefined;
  /** Milliseconds after which a command is ended. Default 30 seconds. */
  readonly limitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RepoCommandCall {
  /** The program and its words, each an element of its own. */
  readonly command: readonly string[];
  /** Directory to run in, relative to the root. Default the root. */
  readonly worktree?: string | null | undefined;
  /** Characters of the standard output to leave out: to read on where an earlier answer was cut. */
  readonly offset?: number | null | undefined;
}

const OUTPUT_LIMIT = 4_000;
const LIMIT_MS = 30_000;
/** A command that prints more is ended: nobody reads that. */
const MOST_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs `call` if the policy allows it and returns what the agent is told: exit code and output, or why it was refused.
 * Both are answers, not errors. Throws only if the process or the log cannot be had, or if the signal aborts.
 */
export async function runRepoCommand(call: RepoCommandCall, settings: RepoCommandSettings): Promise<string> {
  const directory = call.worktree || ".";
  const refuse = async (reason: string) => {
    await appendCommandLog(settings.log, { command: call.command, directory, outcome: "refused", output: reason });
    return `refused: ${reason}`;
  };

  const cwd = await resolveInside(settings.root, ".", directory);
  if (!cwd.ok) return refuse(`worktree: ${cwd.reason}`);
  if (cwd.kind !== "directory") return refuse(`worktree: "${printable(directory)}" is not a directory`);
  const verdict = judgeCommand(call.command, directory);
  if (!verdict.allowed) return refuse(verdict.reason);
  for (const path of verdict.paths) {
    const resolved = await resolveInside(settings.root, directory, path);
    if (!resolved.ok) return refuse(`${verdict.program}: ${resolved.reason}`);
  }

  const limitMs = settings.limitMs ?? LIMIT_MS;
  const result = await runProcess({
    command: verdict.program,
    args: verdict.program === "git" ? gitReadArguments(verdict.args) : verdict.args,
    cwd: cwd.path,
    env: readEnvironment(settings.root),
    timeoutMs: limitMs,
    maxOutputBytes: MOST_OUTPUT_BYTES,
    overflow: "stop",
    ...(settings.signal && { signal: settings.signal }),
  });
  const stdout = printableText(result.stdout);
  const stderr = printableText(result.stderr);
  const outcome = describeEnd(result, limitMs);
  await appendCommandLog(settings.log, { command: call.command, directory, outcome, output: stdout + stderr });
  return answer(outcome, stdout, stderr, settings.outputLimit ?? OUTPUT_LIMIT, Math.max(0, call.offset ?? 0));
}

function describeEnd({ timedOut, truncated, exitCode, signal }: ProcessResult, limitMs: number): string {
  if (timedOut) return `ended after ${limitMs / 1000} s, which is the limit: ask for less`;
  if (truncated) return `ended after ${MOST_OUTPUT_BYTES} bytes of output, which is the limit: ask for less`;
  return exitCode === null ? `ended by ${signal}` : `exit code ${exitCode}`;
}

function answer(outcome: string, stdout: string, stderr: string, limit: number, offset: number): string {
  // Errors are short and say what to do: they get their place first.
  const errors = stderr.slice(0, stdout === "" ? limit : Math.floor(limit / 4));
  const end = offset + limit - errors.length;
  const parts = [outcome, stdout.slice(offset, end).trimEnd(), errors.trimEnd()];
  if (end < stdout.length) {
    parts.push(`[cut: ${stdout.length - end} more characters; ask for less, or again with offset ${end}]`);
  }
  return parts.filter((part) => part !== "").join("\n");
}
