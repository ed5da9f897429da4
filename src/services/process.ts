/** The one place that starts other programs: no shell, an environment built from nothing, a process group of its own. */

import { closeSync, existsSync, openSync } from "node:fs";
import { execa } from "execa";
import { OrchError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import { BoundedOutput } from "./bounded-output.ts";

interface ProcessOptions {
  /** A program on the PATH of `env`, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment; nothing of ours is added. Default: none at all. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunProcessOptions extends ProcessOptions {
  /** Written to its stdin, which is then closed. Default: stdin is empty. */
  readonly input?: string | Uint8Array;
  /** Its whole process group is ended after this many milliseconds. Default: no limit. */
  readonly timeoutMs?: number;
  /** When aborted, the whole process group is ended, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
  /** Told the id of its process group as soon as there is one. */
  readonly onStart?: (pid: number) => void;
  /** Bytes kept of each of stdout and stderr. Default 16 MiB. */
  readonly maxOutputBytes?: number;
  /**
   * What to do with more output than that: end the process and throw (`fail`, the default), end it and return the first
   * bytes (`stop`), or let it run on and return the last bytes (`keep-tail`).
   */
  readonly overflow?: "fail" | "stop" | "keep-tail";
}

export interface ProcessEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface ProcessResult extends ProcessEnd {
  /** UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** Whether stdout or stderr is not all that was printed. */
  readonly truncated: boolean;
}

/** How long a process group may take to end by itself after SIGTERM. */
const GRACE_MS = 1_000;
/** How long pipes may stay open after the process ended: only a process that left the group can hold them. */
const PIPES_MS = 500;
const DEFAULT_MAX_OUTPUT = 16 * 1024 * 1024;

const COMMON = {
  extendEnv: false,
  reject: false,
  /** A session, and so a process group, of its own: what can be ended whole. */
  detached: true,
  cleanup: false,
  stripFinalNewline: false,
} as const;

/**
 * Runs a short command to its end, and ends whatever it left behind in its process group. Any exit code is a result.
 * Throws an `OrchError` when the program cannot be started (`program-not-found`, `program-not-started`) or printed too
 * much (`output-too-long`), and the signal's reason when aborted.
 */
export async function runProcess(options: RunProcessOptions): Promise<ProcessResult> {
  options.signal?.throwIfAborted();
  const overflow = options.overflow ?? "fail";
  const limit = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT;
  const keep = overflow === "keep-tail" ? "tail" : "head";
  const [stdout, stderr] = [new BoundedOutput(limit, keep), new BoundedOutput(limit, keep)];
  const running = execa(options.command, options.args, {
    ...COMMON,
    cwd: options.cwd,
    env: { ...options.env },
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
    buffer: false,
  });
  const child = running.nodeChildProcess;
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const timers: NodeJS.Timeout[] = [];
  let ending = false;
  let timedOut = false;

  const end = () => {
    if (ending) return;
    ending = true;
    signalGroup(child.pid, "SIGTERM");
    timers.push(setTimeout(() => signalGroup(child.pid, "SIGKILL"), GRACE_MS));
  };
  const collect = (output: BoundedOutput) => (chunk: Buffer) => {
    output.push(chunk);
    if (output.truncated && keep === "head") end();
  };
  child.stdout?.on("data", collect(stdout));
  child.stderr?.on("data", collect(stderr));
  child.once("exit", () => {
    // What it left running in the background would hold the pipes open, and outlive us.
    signalGroup(child.pid, "SIGKILL");
    timers.push(
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, PIPES_MS),
    );
  });
  if (options.timeoutMs !== undefined) {
    timers.push(
      setTimeout(() => {
        timedOut = true;
        end();
      }, options.timeoutMs),
    );
  }
  options.signal?.addEventListener("abort", end, { once: true });
  try {
    const result = await running;
    if (child.pid === undefined) throw notStarted(options, result.code, result.originalMessage);
    options.signal?.throwIfAborted();
    const truncated = stdout.truncated || stderr.truncated;
    if (truncated && overflow === "fail") {
      throw new OrchError(`${printable(options.command)} printed more than ${limit} bytes and was ended`, {
        code: "output-too-long",
      });
    }
    return { ...endOf(result), stdout: stdout.text(), stderr: stderr.text(), timedOut, truncated };
  } finally {
    options.signal?.removeEventListener("abort", end);
    for (const timer of timers) clearTimeout(timer);
  }
}

export interface StartDetachedOptions extends ProcessOptions {
  /** A file to read stdin from. Default: stdin is empty. */
  readonly stdinFile?: string;
  /** Output is appended to these files; they are created if need be, for their owner only. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

export interface DetachedProcess {
  /** Also the id of its process group and of its session. */
  readonly pid: number;
  /** Settles when it ends, if this process is still there to see it. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
}

/**
 * Starts a program that outlives us: in a session of its own, its output in files and not in pipes. Returns at once.
 * Throws an `OrchError` (`program-not-found`, `program-not-started`).
 */
export async function startDetached(options: StartDetachedOptions): Promise<DetachedProcess> {
  const files: number[] = [];
  const open = (path: string, flags: string) => {
    const descriptor = openSync(path, flags, 0o600);
    files.push(descriptor);
    // Any descriptor is good; execa's types list the single digits only.
    return descriptor as 3;
  };
  try {
    const running = execa(options.command, options.args, {
      ...COMMON,
      cwd: options.cwd,
      env: { ...options.env },
      stdio: [
        options.stdinFile === undefined ? "ignore" : open(options.stdinFile, "r"),
        open(options.stdoutFile, "a"),
        open(options.stderrFile, "a"),
      ],
    });
    const { pid } = running.nodeChildProcess;
    if (pid === undefined) {
      const result = await running;
      throw notStarted(options, result.code, result.originalMessage);
    }
    running.nodeChildProcess.unref();
    return { pid, ended: running.then(endOf) };
  } finally {
    for (const descriptor of files) closeSync(descriptor);
  }
}

/** Sends `signal` to a process group, if there is still one. */
export function signalGroup(groupId: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (groupId === undefined || groupId <= 1) return;
  try {
    process.kill(-groupId, signal);
  } catch {
    // It is gone.
  }
}

function endOf(result: { readonly exitCode?: number; readonly signal?: string }): ProcessEnd {
  return { exitCode: result.exitCode ?? null, signal: result.signal ?? null };
}

function notStarted({ command, cwd }: ProcessOptions, code: string | undefined, reason: string | undefined): OrchError {
  const name = printable(command, 300);
  if (!existsSync(cwd)) {
    return new OrchError(`${name} cannot run in ${printable(cwd, 300)}: there is no such folder`, {
      code: "program-not-started",
    });
  }
  if (code === "ENOENT") {
    return new OrchError(`${name} was not found`, {
      code: "program-not-found",
      hint: "install it, or put its folder on PATH",
    });
  }
  return new OrchError(`${name} could not be started: ${printable(reason ?? code ?? "unknown reason", 300)}`, {
    code: "program-not-started",
  });
}
