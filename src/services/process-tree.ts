/** Ends everything that a process started, also what left its process group: found by a mark in the environment. */

import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { OrchError } from "../core/errors.ts";
import { runProcess, signalGroup } from "./process.ts";
import { identifyProcess, isAlive, type ProcessIdentity, readStat } from "./process-identity.ts";
import type { ProcessMark } from "./process-marks.ts";

/** How long a process may take to end by itself after SIGTERM. */
const GRACE_MS = 2_000;
/** How long the system may take to end what was killed. */
const KILL_MS = 10_000;
const PAUSE_MS = 20;

/**
 * Ends `root` with its process group (SIGTERM, then SIGKILL) and then every process that carries `mark`.
 * When it returns, none is left; else it throws an `OrchError` (`processes-left`). Before each round it asks `areOurs`,
 * and lets them go when they belong to another orchestrator by now.
 */
export async function endProcessTree(
  root: ProcessIdentity | undefined,
  mark: ProcessMark,
  areOurs: () => boolean = () => true,
): Promise<void> {
  if (!areOurs()) return;
  if (root && (await isAlive(root))) {
    signalGroup(root.pid, "SIGTERM");
    const deadline = performance.now() + GRACE_MS;
    while ((await isAlive(root)) && performance.now() < deadline) await sleep(PAUSE_MS);
    if ((await isAlive(root)) && areOurs()) signalGroup(root.pid, "SIGKILL");
  }
  await killAll(async () => {
    const found = await findMarked(mark);
    return areOurs() ? found : [];
  });
}

/** Kills what `find` finds until it finds nothing. Throws an `OrchError` (`processes-left`) if that takes too long. */
export async function killAll(find: () => Promise<readonly ProcessIdentity[]>): Promise<void> {
  const deadline = performance.now() + KILL_MS;
  for (;;) {
    const left = await find();
    if (left.length === 0) return;
    if (performance.now() > deadline) {
      throw new OrchError(`processes ${left.map(({ pid }) => pid).join(", ")} could not be ended`, {
        code: "processes-left",
        hint: "end them by hand, then resume the job",
        retryable: true,
      });
    }
    for (const process of left) await send(process, "SIGKILL");
    await sleep(PAUSE_MS);
  }
}

/** Every running process whose environment carries `mark`, but never this one. */
export async function findMarked(mark: ProcessMark): Promise<ProcessIdentity[]> {
  const pids = process.platform === "linux" ? markedPids(mark) : await askMarkedPids(mark);
  const identities = await Promise.all(pids.filter((pid) => pid !== process.pid).map(identifyProcess));
  return identities.filter((identity) => identity !== undefined);
}

/** Lets every process that carries `mark` run on, should a signal (SIGSTOP) have stopped it. */
export async function wakeMarked(mark: ProcessMark): Promise<void> {
  for (const identity of await findMarked(mark)) await send(identity, "SIGCONT");
}

/** The process that `startDetached` started with `mark` and with its stdout in this file; not one that it started in turn. */
export async function findMarkedRoot(mark: ProcessMark, stdoutFile: string): Promise<ProcessIdentity | undefined> {
  const marked = await findMarked(mark);
  if (process.platform !== "linux") return marked[0];
  return marked.find(({ pid }) => readStat(pid)?.session === pid && stdoutOf(pid) === realpathOf(stdoutFile));
}

/** Kills, without waiting, every process that carries `mark`: for the last moment of this one. On Linux only. */
export function killMarked(mark: ProcessMark): void {
  if (process.platform !== "linux") return;
  for (const pid of markedPids(mark)) if (pid !== process.pid) attempt(() => process.kill(pid, "SIGKILL"));
}

async function send(identity: ProcessIdentity, signal: "SIGKILL" | "SIGCONT"): Promise<void> {
  // Between finding and killing, the pid may have been given to another process.
  if (!(await isAlive(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It is gone.
  }
}

function markedPids({ name, value }: ProcessMark): number[] {
  const wanted = Buffer.from(`\0${name}=${value}\0`);
  return allPids().filter((pid) => environmentOf(pid).includes(wanted));
}

/** Of Linux. */
export function allPids(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function stdoutOf(pid: number): string | undefined {
  return attempt(() => readlinkSync(`/proc/${pid}/fd/1`));
}

function realpathOf(path: string): string | undefined {
  return attempt(() => realpathSync(path));
}

export function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    // It has ended, is not there, or belongs to somebody else.
    return undefined;
  }
}

/** Each variable between NUL bytes; empty if it cannot be read. */
export function environmentOf(pid: number): Buffer {
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`));
  return environment ? Buffer.concat([Buffer.from("\0"), environment]) : Buffer.alloc(0);
}

async function askMarkedPids({ name, value }: ProcessMark): Promise<number[]> {
  return (await askEnvironments())
    .filter((line) => `${line} `.includes(` ${name}=${value} `))
    .map((line) => Number.parseInt(line, 10));
}

/** macOS shows the environment of the user's own processes behind their commands: `pid command variables`, each a line. */
export async function askEnvironments(): Promise<string[]> {
  const { stdout } = await runProcess({ command: "/bin/ps", args: ["-axwwE", "-o", "pid=,command="], cwd: "/" });
  return stdout.split("\n");
}
