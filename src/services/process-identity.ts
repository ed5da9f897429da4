/** Which process is meant: a pid alone is given to another process sooner or later, a pid with its start time is not. */

import { readFileSync } from "node:fs";
import { runProcess } from "./process.ts";

export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own form: clock ticks since boot on Linux, a date elsewhere. */
  readonly startTime: string;
  /** Which run of the machine; empty where the system doesn't tell. */
  readonly bootId: string;
}

export interface ProcessStat {
  readonly parent: number;
  readonly session: number;
  readonly startTime: string;
  /** Whether a signal (SIGSTOP) has stopped it: it runs on when it gets SIGCONT. */
  readonly isStopped: boolean;
}

const onLinux = process.platform === "linux";

/** The identity of the process that has this pid now; undefined if there is none, or if it has ended. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const startTime = onLinux ? readStat(pid)?.startTime : await askStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime, bootId: bootId() };
}

/** Whether that very process still runs. One that has ended and is not yet reaped does not. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.bootId !== bootId()) return false;
  const now = await identifyProcess(identity.pid);
  return now?.startTime === identity.startTime;
}

/** As `isAlive`, without waiting and the other way round: true only if that process of this machine has certainly ended. */
export function isGoneFromHere({ pid, startTime, bootId: boot }: ProcessIdentity): boolean {
  if (onLinux) return boot !== bootId() || readStat(pid)?.startTime !== startTime;
  try {
    // Signal 0 asks whether there is such a process. Its start time cannot be asked at once here, so a reused pid counts.
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** What Linux tells of a process that runs; undefined if there is none, or if it has ended. */
export function readStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses, and may hold spaces and parentheses of its own.
  const [state, parent, , session, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const startTime = rest[STARTTIME_AFTER_SESSION];
  if (startTime === undefined || state === "Z" || state === "X") return undefined;
  return { parent: Number(parent), session: Number(session), startTime, isStopped: state === "T" };
}

/** `starttime` is field 22 of /proc/PID/stat, `session` field 6. */
const STARTTIME_AFTER_SESSION = 22 - 6 - 1;

let boot: string | undefined;

function bootId(): string {
  boot ??= onLinux ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() : "";
  return boot;
}

async function askStartTime(pid: number): Promise<string | undefined> {
  const { stdout } = await runProcess({
    command: "/bin/ps",
    args: ["-o", "state=,lstart=", "-p", String(pid)],
    cwd: "/",
    env: { LC_ALL: "C", TZ: "UTC" },
  });
  const [state, ...startTime] = stdout.trim().split(/\s+/);
  return !state || state.startsWith("Z") ? undefined : startTime.join(" ");
}
