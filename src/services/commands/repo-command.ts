/** Runs what an agent asks of `run_repo_command`: judged by the policy, run in the sandbox without a shell, answered as text. */

import { relative } from "node:path";
import { printable, printableText } from "../../core/ids.ts";
import type { Redact } from "../../core/redact.ts";
import { DEFAULT_MAX_PROCESSES } from "../process-limit.ts";
import type { ProcessMark } from "../process-marks.ts";
import { findProgram } from "../sandbox/find-program.ts";
import { nodeOutput } from "../sandbox/node-output.ts";
import { runSandboxed, type Sandbox, type SandboxedResult } from "../sandbox/run-sandboxed.ts";
import type { SandboxedProgram } from "../sandbox/sandbox-command.ts";
import { appendCommandLog } from "./command-log.ts";
import { type CommandVerdict, judgeCommand } from "./command-policy.ts";
import { codeEnvironment, gitReadArguments, readEnvironment } from "./read-environment.ts";
import { resolveInside } from "./repo-path.ts";
import { makeScratchCopy } from "./scratch-copy.ts";

export interface RepoCommandSettings {
  /** Absolute path of the worktree that is read: no command leaves it, and none changes it. */
  readonly root: string;
  /** File that every command and its whole output is appended to. */
  readonly log: string;
  /** Absolute path of a folder that copies of the worktree are made in, for commands that run code. */
  readonly scratch: string;
  readonly sandbox: Sandbox;
  /** By which the processes of its commands are known. */
  readonly mark: ProcessMark;
  /** What allow-lists for its commands choose from, usually `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Processes that a command may have at a time. */
  readonly maxProcesses?: number | undefined;
  /** Characters of output that go back to the agent. Default 4000. */
  readonly outputLimit?: number | undefined;
  /** Milliseconds after which a command is ended. Default 30 seconds for one that reads, 5 minutes for one that runs code. */
  readonly limitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes secrets out of what the log and the agent get. Default: nothing is. */
  readonly redact?: Redact | undefined;
}

export interface RepoCommandCall {
  /** The program and its words, each an element of its own. */
  readonly command: readonly string[];
  /** Directory to run in, relative to the root. Default the root. */
  readonly worktree?: string | null | undefined;
  /** Characters of the standard output to leave out: to read on where an earlier answer was cut. */
  readonly offset?: number | null | undefined;
}

type Allowed = Extract<CommandVerdict, { allowed: true }>;

const OUTPUT_LIMIT = 4_000;
const READ_LIMIT_MS = 30_000;
const CODE_LIMIT_MS = 5 * 60_000;
/** A command that prints more is ended: nobody reads that. */
const MOST_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs `call` if the policy allows it and returns what the agent is told: exit code and output, or why it was refused.
 * Both are answers, not errors. Throws only if the process or the log cannot be had, or if the signal aborts.
 *
 * What only reads runs in the worktree and can write nowhere. What runs code runs in a copy of it: there it can write, and
 * the next command sees the worktree as it was.
 */
export async function runRepoCommand(call: RepoCommandCall, settings: RepoCommandSettings): Promise<string> {
  const directory = call.worktree || ".";
  const { redact = (text: string) => text } = settings;
  const command = call.command.map(redact);
  const refuse = async (reason: string) => {
    await appendCommandLog(settings.log, { command, directory, outcome: "refused", output: redact(reason) });
    return `refused: ${redact(reason)}`;
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
  const program = await findRepoProgram(verdict.program, settings);
  if (program === undefined) return refuse(`${verdict.program} is not installed on this machine`);

  const limits = {
    limitMs: settings.limitMs ?? (verdict.runsCode ? CODE_LIMIT_MS : READ_LIMIT_MS),
    maxProcesses: settings.maxProcesses ?? DEFAULT_MAX_PROCESSES,
  };
  const run = (what: SandboxedProgram & { readonly cwd: string }) => {
    const { mark, signal, sandbox } = settings;
    return runSandboxed({ ...what, ...limits, mark, signal, maxOutputBytes: MOST_OUTPUT_BYTES }, sandbox);
  };
  const result = verdict.runsCode
    ? await runCode(program, verdict, cwd.path, settings, run)
    : await run({
        program,
        args: verdict.program === "git" ? gitReadArguments(verdict.args) : verdict.args,
        cwd: cwd.path,
        env: readEnvironment(settings.root, settings.environment),
        writable: [],
      });
  const stdout = redact(printableText(result.stdout));
  const stderr = redact(printableText(result.stderr));
  const outcome = describeEnd(result, limits);
  await appendCommandLog(settings.log, { command, directory, outcome, output: joined(stdout, stderr) });
  return answer(outcome, stdout, stderr, settings.outputLimit ?? OUTPUT_LIMIT, Math.max(0, call.offset ?? 0));
}

/** Codex is the one that the job works with, wherever it lies. */
async function findRepoProgram(name: string, { sandbox, environment }: RepoCommandSettings) {
  if (name === "codex" && sandbox !== "dangerously-none") return sandbox.codexPath;
  return await findProgram(name, environment.PATH);
}

async function runCode(
  program: string,
  { args }: Allowed,
  cwd: string,
  { root, scratch, environment, signal }: RepoCommandSettings,
  run: (what: SandboxedProgram & { readonly cwd: string }) => Promise<SandboxedResult>,
): Promise<SandboxedResult> {
  await using copy = await makeScratchCopy(root, scratch, signal);
  const { tree, temporary, folder } = copy;
  const real = await resolveInside(root, ".", ".");
  const below = real.ok ? relative(real.path, cwd) : "";
  const env = { ...codeEnvironment(temporary, environment), ...nodeOutput(folder) };
  return await run({ program, args, env, cwd: below === "" ? tree : `${tree}/${below}`, writable: [tree, temporary] });
}

/** What was printed last may have no line end. */
function joined(stdout: string, stderr: string): string {
  return stdout === "" || stdout.endsWith("\n") ? stdout + stderr : `${stdout}\n${stderr}`;
}

function describeEnd(
  { timedOut, truncated, exitCode, signal, tooManyProcesses }: SandboxedResult,
  { limitMs, maxProcesses }: { readonly limitMs: number; readonly maxProcesses: number },
): string {
  if (tooManyProcesses !== undefined) {
    return `ended with ${tooManyProcesses} processes; the limit is ${maxProcesses}: run less at a time`;
  }
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
