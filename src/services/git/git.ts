/** Runs git on one explicit git directory, so that nothing which lies in a working tree decides what git does. */

import { ActivityAborted } from "../../core/activity.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { type ProcessResult, runProcess } from "../process.ts";

export interface GitOptions {
  /** Absolute path of a git directory; never found by searching. */
  readonly gitDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Asked before each command, which is not run when another orchestrator has the job by now. */
  readonly holdsJob?: (() => boolean) | undefined;
}

export interface GitRunOptions {
  readonly input?: string;
  /** Absolute. Also the folder that git runs in. */
  readonly workTree?: string;
  /** Absolute path of the index to use instead of the git directory's own. */
  readonly index?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where git runs without a working tree. Default: the git directory. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/** What no command of ours may do, whatever the git directory's configuration says. */
const HARDENING = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.quotePath=false",
  // A result is checked out on other systems, too, where these names are the git directory's.
  "core.protectHFS=true",
  "core.protectNTFS=true",
  "gc.auto=0",
  "maintenance.auto=false",
  // Objects and refs are on the disk before the engine's history says that they are: also after a power cut.
  "core.fsync=objects,reference",
  "core.fsyncMethod=batch",
].flatMap((setting) => ["-c", setting]);

const DEFAULT_TIMEOUT_MS = 15 * 60_000;
/** The names of every file of a large repository have room in this. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export class Git {
  readonly gitDir: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal | undefined;
  readonly #holdsJob: () => boolean;

  constructor(options: GitOptions) {
    this.gitDir = options.gitDir;
    this.#environment = options.environment;
    this.#signal = options.signal;
    this.#holdsJob = options.holdsJob ?? (() => true);
  }

  /** Its whole standard output. Throws an `OrchError` `git-failed` on any exit code but 0. */
  async run(args: readonly string[], options: GitRunOptions = {}): Promise<string> {
    const result = await this.attempt(args, options);
    if (result.exitCode !== 0) throw gitFailed(args, result);
    return result.stdout;
  }

  /** Its standard output without the newline at the end: for a single name. */
  async line(args: readonly string[], options: GitRunOptions = {}): Promise<string> {
    return (await this.run(args, options)).replace(/\n$/, "");
  }

  /** Any exit code is a result; only a time-out is an error. */
  async attempt(args: readonly string[], options: GitRunOptions = {}): Promise<ProcessResult> {
    if (!this.#holdsJob()) throw new ActivityAborted("lease-lost");
    const where = [`--git-dir=${this.gitDir}`, ...(options.workTree ? [`--work-tree=${options.workTree}`] : [])];
    const result = await runProcess({
      command: "git",
      args: [...HARDENING, ...where, ...args],
      cwd: options.workTree ?? options.cwd ?? this.gitDir,
      env: {
        ...this.#environment,
        ...options.environment,
        ...(options.index !== undefined && { GIT_INDEX_FILE: options.index }),
      },
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      ...(options.input !== undefined && { input: options.input }),
      ...(this.#signal && { signal: this.#signal }),
    });
    if (result.timedOut) {
      throw new OrchError(`git ${args[0]} did not end in time`, { code: "git-timed-out", retryable: true });
    }
    return result;
  }
}

export function gitFailed(args: readonly string[], result: Pick<ProcessResult, "exitCode" | "stderr">): OrchError {
  const said = result.stderr.trim().split("\n").filter(Boolean);
  const reason = said.find((line) => /^(fatal|error): /.test(line)) ?? said.at(-1) ?? `exit code ${result.exitCode}`;
  const locked = isLocked(result.stderr);
  return new OrchError(`git ${args[0]} failed: ${printable(reason, 400)}`, {
    code: locked ? "git-locked" : "git-failed",
    retryable: locked,
    ...(locked && { hint: "another git process holds a lock; if none is running, remove the .lock file it names" }),
    details: { exitCode: result.exitCode, stderr: result.stderr.slice(-2000) },
  });
}

/** Whether git gave up because somebody else was writing the same thing. */
export function isLocked(stderr: string): boolean {
  return /\.lock'?: File exists|could not lock|Unable to create '.*\.lock'/.test(stderr);
}
