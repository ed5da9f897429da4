/** Keeps what was started from filling the machine with processes: counts them, and kills them all when they are too many. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import type { ProcessMark } from "./process-marks.ts";
import { attempt, environmentOf } from "./process-tree.ts";

export interface ProcessLimit {
  /** Processes at a time, those of Codex and its sandbox among them. Threads: `THREADS_EACH` times as many. */
  readonly maxProcesses: number;
}

export interface ProcessWatch extends Disposable {
  /** How many were found when they were too many, and killed; undefined as long as that never was. */
  readonly exceeded: number | undefined;
}

export const DEFAULT_MAX_PROCESSES = 512;

const THREADS_EACH = 16;
/** Whoever forks as fast as the machine can makes some hundred processes in this time. */
const LOOK_EVERY_MS = 100;
const LOOK_AT_LEAST_EVERY_MS = 2_000;
/** So many threads more on the machine than there were. */
const WORTH_A_LOOK = 64;
/** Rounds in which new processes are looked for that were made while the others were being stopped. */
const ROUNDS = 50;
/** When memory runs out, the system takes what is watched, not the orchestrator. From -1000 to 1000; 0 is what others have. */
const FIRST_WHEN_MEMORY_ENDS = "800";
/** A little behind the orchestrator, which must get its turn while it has hundreds of them against it. */
const NICENESS = 5;

/**
 * Watches all that descends from `root` and all that carries `mark`, until it is disposed of. There is no number that the
 * kernel holds a user's part of the processes to without asking for rights or counting the user's other programs, and none at
 * all for root; so it is looked, ten times a second. What runs in a sandbox of Linux cannot leave the count, and dies with the
 * first process of its pid namespace, at once and whole. Elsewhere, a process that throws its environment away and
 * leaves its parent between two looks is not counted. On systems other than Linux nothing is watched.
 *
 * @param root pid of a process group's leader
 */
export function watchProcesses(root: number, mark: ProcessMark, { maxProcesses }: ProcessLimit): ProcessWatch {
  const watched = new Watched(root, mark, maxProcesses);
  if (process.platform === "linux") {
    attempt(() => setPriority(root, NICENESS));
    attempt(() => writeFileSync(`/proc/${root}/oom_score_adj`, FIRST_WHEN_MEMORY_ENDS));
    watches.add(watched);
    timer ??= setInterval(look, LOOK_EVERY_MS).unref();
  }
  return watched;
}

const watches = new Set<Watched>();
let lookedAt = Number.NEGATIVE_INFINITY;
let leastThreads = Number.POSITIVE_INFINITY;
let timer: NodeJS.Timeout | undefined;

/** A look at every process costs some milliseconds: between two of them, it is asked only whether the machine has more to do. */
function look(): void {
  const threads = threadsOfMachine();
  leastThreads = Math.min(leastThreads, threads);
  const isDue = performance.now() - lookedAt >= LOOK_AT_LEAST_EVERY_MS;
  if (!isDue && threads < leastThreads + WORTH_A_LOOK) return;
  lookedAt = performance.now();
  leastThreads = threads;
  const processes = listProcesses();
  for (const watched of watches) watched.look(processes);
}

class Watched implements ProcessWatch {
  readonly #root: number;
  readonly #mark: Buffer;
  readonly #max: number;
  /** Start time by pid: of the ones that belong to it, and of the strangers, whose environment is read once only. */
  #members = new Map<number, string>();
  #strangers = new Map<number, string>();
  #exceeded: number | undefined;

  constructor(root: number, { name, value }: ProcessMark, max: number) {
    this.#root = root;
    this.#mark = Buffer.from(`\0${name}=${value}\0`);
    this.#max = max;
  }

  get exceeded(): number | undefined {
    return this.#exceeded;
  }

  look(processes: ProcessTable): void {
    const found = this.#find(processes);
    const threads = found.reduce((sum, { threads: own }) => sum + own, 0);
    if (found.length <= this.#max && threads <= this.#max * THREADS_EACH) return;
    this.#exceeded ??= found.length > this.#max ? found.length : threads;
    this.#killAll(found);
  }

  [Symbol.dispose](): void {
    watches.delete(this);
    if (watches.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  }

  /** Parents stand before their children. */
  #find(processes: ProcessTable): ProcessEntry[] {
    const found = new Map<number, ProcessEntry>();
    const add = (entry: ProcessEntry) => {
      const open = [entry];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (found.has(next.pid)) continue;
        found.set(next.pid, next);
        open.push(...(processes.children.get(next.pid) ?? []));
      }
    };
    const root = processes.byPid.get(this.#root);
    if (root) add(root);
    const strangers = new Map<number, string>();
    for (const entry of processes.byPid.values()) {
      if (found.has(entry.pid) || entry.pid === process.pid) continue;
      if (this.#members.get(entry.pid) === entry.startTime) add(entry);
      else if (this.#strangers.get(entry.pid) === entry.startTime) strangers.set(entry.pid, entry.startTime);
      else if (environmentOf(entry.pid).includes(this.#mark)) add(entry);
      else strangers.set(entry.pid, entry.startTime);
    }
    this.#strangers = strangers;
    this.#members = new Map([...found.values()].map(({ pid, startTime }) => [pid, startTime]));
    return [...found.values()];
  }

  #killAll(found: readonly ProcessEntry[]): void {
    if (killNamespaces(found)) {
      kill(this.#root);
      return;
    }
    // Stopped first: what is killed one by one makes room for what the others are making meanwhile.
    const stopped = new Set<number>();
    let members = found;
    for (let round = 0; round < ROUNDS; round++) {
      const running = members.filter(({ pid }) => !stopped.has(pid));
      if (running.length === 0) break;
      for (const { pid } of running) {
        stopped.add(pid);
        attempt(() => process.kill(pid, "SIGSTOP"));
      }
      members = this.#find(listProcesses());
    }
    for (const { pid } of members) kill(pid);
  }
}

/** Whether there was a pid namespace: the kernel ends all that is in one with its first process, and lets nothing be made any more. */
function killNamespaces(found: readonly ProcessEntry[]): boolean {
  let killed = false;
  const inside = new Set<number>();
  for (const { pid, parent } of found) {
    if (inside.has(parent)) {
      inside.add(pid);
      continue;
    }
    const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
    const [, ...inner] = /^NSpid:\s+(.+)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
    if (inner.at(-1) !== "1") continue;
    inside.add(pid);
    kill(pid);
    killed = true;
  }
  return killed;
}

function threadsOfMachine(): number {
  const text = attempt(() => readFileSync("/proc/loadavg", "latin1")) ?? "";
  // Where it cannot be read, every look is worth it.
  return Number(/\/(\d+)/.exec(text)?.[1] ?? Number.POSITIVE_INFINITY);
}

function kill(pid: number): void {
  if (pid > 1) attempt(() => process.kill(pid, "SIGKILL"));
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly startTime: string;
  readonly threads: number;
}

interface ProcessTable {
  readonly byPid: ReadonlyMap<number, ProcessEntry>;
  readonly children: ReadonlyMap<number, readonly ProcessEntry[]>;
}

/** Everything that runs, as anybody may see it. */
function listProcesses(): ProcessTable {
  const byPid = new Map<number, ProcessEntry>();
  const children = new Map<number, ProcessEntry[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = attempt(() => readFileSync(`/proc/${name}/stat`, "latin1"));
    if (text === undefined) continue;
    // The second field is the program's name in parentheses, and may hold anything. `num_threads` is field 20, `starttime` 22.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ", 20);
    const [pid, parent] = [Number(name), Number(fields[1])];
    const entry = { pid, parent, startTime: fields[19] ?? "", threads: Number(fields[17]) };
    byPid.set(pid, entry);
    const siblings = children.get(parent);
    if (siblings) siblings.push(entry);
    else children.set(parent, [entry]);
  }
  return { byPid, children };
}
