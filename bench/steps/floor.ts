/** The floor: what better-sqlite3 alone takes for the bytes of a step, one row added and one changed, with fsync on. */

import Sqlite from "better-sqlite3";
import type { StepBytes } from "./bytes.ts";

export interface FloorRun {
  readonly tookMs: number;
  readonly steps: number;
  /** Each transaction, in milliseconds. */
  readonly each: readonly number[];
}

/**
 * @param path of a database that is not there yet
 * @param grouped how many steps share a transaction
 */
export function runFloor(path: string, bytes: StepBytes, steps: number, grouped: number): FloorRun {
  const sqlite = new Sqlite(path);
  try {
    sqlite.pragma("journal_mode = wal");
    sqlite.pragma("synchronous = full");
    if (sqlite.pragma("synchronous", { simple: true }) !== 2) throw new Error("SQLite did not take synchronous=FULL");
    sqlite.exec(`
      create table history (job text not null, seq integer not null, entry text not null, primary key (job, seq));
      create table actors (job text primary key, snapshot text not null);
    `);
    const added = "x".repeat(bytes.inserted);
    // By turns: a row that is given what it has already is not written again.
    const [changed, changedBack] = ["y".repeat(bytes.updated), "z".repeat(bytes.updated)];
    const jobs = Array.from({ length: grouped }, (_, index) => `job-${index + 1}`);
    for (const job of jobs) sqlite.prepare("insert into actors values (?, ?)").run(job, changed);
    const insert = sqlite.prepare("insert into history values (?, ?, ?)");
    const update = sqlite.prepare("update actors set snapshot = ? where job = ?");
    const commit = sqlite.transaction((seq: number) => {
      for (const job of jobs) {
        insert.run(job, seq, added);
        update.run(seq % 2 === 0 ? changed : changedBack, job);
      }
    });
    const each: number[] = [];
    const begun = performance.now();
    for (let seq = 1; seq <= steps / grouped; seq += 1) {
      const before = performance.now();
      commit.immediate(seq);
      each.push(performance.now() - before);
    }
    return { tookMs: performance.now() - begun, steps: each.length * grouped, each };
  } finally {
    sqlite.close();
  }
}
