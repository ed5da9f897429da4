/** Finds and ends what a job's orchestrators have started on this machine, known by the marks in its environment. */

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "../core/ids.ts";
import { jobPaths } from "../core/job-paths.ts";
import { signalGroup } from "./process.ts";
import { identifyProcess, type ProcessIdentity, readStat } from "./process-identity.ts";
import { MARK_NAMES, type MarkMeaning, readMark } from "./process-marks.ts";
import { allPids, askEnvironments, attempt, environmentOf, killAll } from "./process-tree.ts";

export interface ProcessFacts {
  /** Its words, printable. */
  readonly command: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Whether a signal has stopped it (SIGSTOP). */
  readonly isStopped: boolean;
}

export interface JobProcess extends MarkMeaning, ProcessFacts {
  readonly identity: ProcessIdentity;
  /** Whether it is what an orchestrator started, and not what that started in turn. */
  readonly isRoot: boolean;
}

/** Whether this system lets us see which processes are a job's. */
export const canListProcesses = process.platform === "linux";

const LONGEST_COMMAND = 300;
/** How long processes may take to end by themselves after SIGTERM. */
const GRACE_MS = 2_000;
const PAUSE_MS = 20;
/** USER_HZ: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The processes of any job that run under this user, oldest first. Empty where the system doesn't tell. */
export function listJobProcesses(): JobProcess[] {
  if (!canListProcesses) return [];
  const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return allPids()
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => describe(pid, bootId) ?? [])
    .sort((a, b) => a.startedAt - b.startedAt || a.identity.pid - b.identity.pid);
}

/**
 * Ends every process of a job, also what left its process group, and returns their ids. Only for a job that nobody runs.
 * Throws an `OrchError` (`processes-left`).
 */
export async function endJobProcesses(repository: string, jobId: string): Promise<readonly number[]> {
  const find = () => findOfJob(repository, jobId);
  const found = await find();
  if (found.length === 0) return [];
  const roots = found.map(({ pid }) => pid).filter((pid) => !canListProcesses || readStat(pid)?.session === pid);
  for (const pid of roots) signalGroup(pid, "SIGTERM");
  const deadline = performance.now() + GRACE_MS;
  while ((await find()).length > 0 && performance.now() < deadline) await sleep(PAUSE_MS);
  await killAll(find);
  return found.map(({ pid }) => pid);
}

async function findOfJob(repository: string, jobId: string): Promise<ProcessIdentity[]> {
  if (canListProcesses) {
    const isOfJob = (one: JobProcess) => one.jobId === jobId && one.repository === repository;
    return listJobProcesses().flatMap((one) => (isOfJob(one) ? one.identity : []));
  }
  const { turns, worktrees } = jobPaths(repository, jobId);
  const marks = [` ORCH_TURN=${turns}/`, ` ORCH_COMMANDS=${worktrees}/`];
  const pids = (await askEnvironments())
    .filter((line) => marks.some((mark) => line.includes(mark)))
    .map((line) => Number.parseInt(line, 10));
  const identities = await Promise.all(pids.filter((pid) => pid !== process.pid).map(identifyProcess));
  return identities.filter((identity) => identity !== undefined);
}

/** What this system tells of a process; undefined if it has ended, or if the system doesn't tell. */
export function lookAtProcess(pid: number): ProcessFacts | undefined {
  const stat = canListProcesses ? readStat(pid) : undefined;
  const words = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  if (!stat || words === undefined) return undefined;
  bootedAt ??= Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1] ?? 0) * 1000;
  return {
    command: printable(words.replaceAll("\0", " ").trim(), LONGEST_COMMAND),
    startedAt: bootedAt + (Number(stat.startTime) / TICKS_PER_SECOND) * 1000,
    isStopped: stat.isStopped,
  };
}

let bootedAt: number | undefined;

function describe(pid: number, bootId: string): JobProcess | undefined {
  const meaning = meaningOf(pid);
  // Root can read everybody's environment; what others run is theirs all the same.
  if (!meaning || ownerOf(pid) !== process.getuid?.()) return undefined;
  const stat = readStat(pid);
  const facts = lookAtProcess(pid);
  if (!stat || !facts) return undefined;
  return {
    ...meaning,
    ...facts,
    identity: { pid, startTime: stat.startTime, bootId },
    isRoot: stat.session === pid && meaningOf(stat.parent)?.effect !== meaning.effect,
  };
}

function meaningOf(pid: number): MarkMeaning | undefined {
  const environment = environmentOf(pid);
  for (const name of MARK_NAMES) {
    const at = environment.indexOf(`\0${name}=`);
    if (at === -1) continue;
    const begin = at + name.length + 2;
    const meaning = readMark({ name, value: environment.toString("utf8", begin, environment.indexOf(0, begin)) });
    if (meaning) return meaning;
  }
  return undefined;
}

/** The real user, as `status` tells: the folder itself belongs to root for some processes of ours. */
function ownerOf(pid: number): number | undefined {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8"));
  const [, uid] = /^Uid:\s+(\d+)/m.exec(status ?? "") ?? [];
  return uid === undefined ? undefined : Number(uid);
}
