/**
 * Loaded into a real `orch` before anything else (`node --import`): counts the points of the crash matrix as they are
 * passed, and at the one that it is told kills with SIGKILL, from inside, so that no instant is missed. Nothing of orch
 * knows of it: it stands between orch and the two libraries through which orch leaves a trace.
 */

import childProcess, { type ChildProcess } from "node:child_process";
import { type Dirent, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { actOf } from "./acts.ts";
import { ORDER_VARIABLE, type Order, type Passed, type PointName, type Report } from "./point.ts";

const order = JSON.parse(process.env[ORDER_VARIABLE] ?? "") as Order;
// What orch starts must not inherit it.
delete process.env[ORDER_VARIABLE];

/** Who is stopped longer than this notices by the clock that it was woken. */
const STOPPED_MS = 500;

const passed: Passed[] = [];
const counts = new Map<PointName, number>();
let lastWriteAt = 0;
let codexRunning = 0;
let landed: Report["landed"] = null;

function pass(name: PointName): void {
  const number = (counts.get(name) ?? 0) + 1;
  counts.set(name, number);
  passed.push({ name, codex: codexRunning });
  if (name !== order.point?.name || number !== order.point.number) return;
  const killed = order.victims === "orchestrator" ? [] : killCodex();
  const kept = keptAnswers(killed);
  // Only now: until it is gone, a Codex may ask, and to find all of them takes a while on a busy machine.
  const at = Date.now();
  landed = { point: { name, number }, index: passed.length, at, lastWriteAt, killed, kept, unended: unended() };
  if (order.victims === "codex") return;
  writeReport();
  process.kill(process.pid, order.signal ?? "SIGKILL");
  // A signal may come a moment later; nothing more may happen until then.
  while (order.signal !== "SIGSTOP" || Date.now() - at < STOPPED_MS);
}

function writeReport(): void {
  const report: Report = { passed, landed };
  writeFileSync(order.report, JSON.stringify(report));
}

process.on("exit", writeReport);

/** All at once, and all that they have started: as the kernel does when memory is short. */
function killCodex(): number[] {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const environment = environmentOf(pid);
      return environment.includes(`ORCH_TURN=${order.world}`);
    });
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
  return pids;
}

/** What a killed Codex had written down of its threads: it does not write any more. */
function keptAnswers(killed: readonly number[]): string[] {
  if (killed.length === 0) return [];
  while (killed.some((pid) => environmentOf(pid) !== ""));
  return filesIn(join(order.world, "state", "orch", "codex", "sessions"), ".jsonl").flatMap((file) => {
    const thread = file.slice(-"01234567-0123-0123-0123-0123456789ab.jsonl".length, -".jsonl".length);
    const ids = readFileSync(file, "utf8").match(/\b(?:call|msg)_[a-z0-9-]+_\d+_\d+\b/g) ?? [];
    return [...new Set(ids)].map((id) => `${thread} ${id}`);
  });
}

/** The threads in which a Codex process has not said that its turn is done. */
function unended(): string[] {
  return filesIn(join(order.world, "greenhouse", ".codex", "jobs"), "events.jsonl").flatMap((file) => {
    const said = readFileSync(file, "utf8");
    const thread = /"thread_id":"([0-9a-f-]{36})"/.exec(said)?.[1];
    return thread === undefined || said.includes('"type":"turn.completed"') ? [] : [thread];
  });
}

/** By hand: what else runs may remove a folder while it is read, which ends a recursive `readdir`. */
function filesIn(folder: string, end: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "worktrees" ? [] : filesIn(path, end);
    return entry.name.endsWith(end) ? [path] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

/** A write that commits: what stands before it is not on disk, what stands behind it is. */
function aroundWrite<Result>(kind: string, write: () => Result): Result {
  pass(`${kind}:before`);
  const result = write();
  lastWriteAt = Date.now();
  pass(`${kind}:after`);
  return result;
}

const database = Sqlite.prototype as Sqlite.Database;

const { transaction, exec, prepare } = database;
database.transaction = function (this: Sqlite.Database, body: (...args: unknown[]) => unknown) {
  const original = transaction.call(this, body);
  const run = (...args: unknown[]) => original(...args);
  return Object.assign(run, {
    immediate: (...args: unknown[]) => aroundWrite("commit", () => original.immediate(...args)),
  });
} as unknown as Sqlite.Database["transaction"];

database.exec = function (this: Sqlite.Database, text: string) {
  return /^commit\b/i.test(text) ? aroundWrite("migration", () => exec.call(this, text)) : exec.call(this, text);
};

/** Heartbeats, attempts, leases, usage: single statements, each a commit of its own. */
const statements = new WeakSet<object>();
database.prepare = function (this: Sqlite.Database, text: string) {
  const statement = prepare.call(this, text);
  const prototype = Object.getPrototypeOf(statement) as Sqlite.Statement;
  if (!statements.has(prototype)) {
    statements.add(prototype);
    const { run } = prototype;
    prototype.run = function (this: Sqlite.Statement, ...args: unknown[]) {
      const table = tableOf(this.source);
      if (table === undefined || this.database.inTransaction) return run.apply(this, args);
      return aroundWrite(`write ${table}`, () => run.apply(this, args));
    };
  }
  return statement;
} as Sqlite.Database["prepare"];

/** Undefined for a statement that writes nothing by itself, as `BEGIN`. */
function tableOf(sql: string): string | undefined {
  return /^\s*(?:insert into|update|delete from)\s+"?(\w+)/i.exec(sql)?.[1];
}

const { spawn } = childProcess;
childProcess.spawn = ((command: string, args: readonly string[] = [], ...rest: unknown[]) => {
  const start = () => (spawn as (...all: unknown[]) => ChildProcess)(command, args, ...rest);
  const act = actOf(command, args);
  if (!act) return start();
  pass(`${act.name}:before`);
  const child = start();
  const isCodex = act.name === "codex" && child.pid !== undefined;
  if (isCodex) codexRunning += 1;
  if (act.isLong) pass(`${act.name}:after-spawn`);
  // Before anybody else hears of its end.
  child.prependListener("exit", () => {
    if (isCodex) codexRunning -= 1;
    pass(act.isLong ? `${act.name}:after-exit` : `${act.name}:after`);
  });
  return child;
}) as typeof spawn;
syncBuiltinESMExports();
