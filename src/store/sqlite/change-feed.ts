/**
 * Tells that another process has committed, by watching the write-ahead log: nothing is asked while nothing happens. Our
 * own commits write to the log, too, and each of its notices costs the kernel and us a tenth of a commit: while we commit,
 * nothing is watched, and the counter is looked at by the clock.
 */

import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Connection } from "./connection.ts";

/** File systems without notifications (and a missed one) are covered by a look this often. */
const FALLBACK_MS = 1000;

/**
 * How long after the log was written the counter is looked at. A writer's commit can be seen only after its fsync, some
 * milliseconds after the notice of its write: one look would nearly always come too early.
 */
const LOOKS_AFTER_MS = [3, 10, 30, 100, 300];

/** How often the counter is looked at while we commit; after as long without a commit, the log is watched again. */
const LOOK_WHILE_BUSY_MS = 10;

export class ChangeFeed {
  readonly #connection: Connection;
  readonly #directory: string;
  readonly #logName: string;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #fallback: NodeJS.Timeout | undefined;
  #version: unknown;
  #nextLook: NodeJS.Timeout | undefined;
  /** The place in `LOOKS_AFTER_MS` of the look that is awaited. */
  #nextIndex: number | undefined;
  #nextBusyLook: NodeJS.Timeout | undefined;
  #hasCommitted = false;

  constructor(connection: Connection, path: string) {
    this.#connection = connection;
    this.#directory = dirname(path);
    this.#logName = `${basename(path)}-wal`;
    connection.onCommit(() => this.#noteOwnCommit());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#unwatch();
    clearTimeout(this.#nextBusyLook);
    this.#nextBusyLook = undefined;
    clearInterval(this.#fallback);
    this.#fallback = undefined;
    this.#listeners.clear();
  }

  #start(): void {
    this.#version = this.#readVersion();
    this.#fallback = setInterval(() => this.#look(), FALLBACK_MS);
    this.#fallback.unref();
    this.#watch();
  }

  #watch(): void {
    try {
      this.#watcher = watch(this.#directory, { persistent: false }, (_type, name) => {
        if (name === this.#logName) this.#lookAfter(0);
      });
      this.#watcher.on("error", () => this.#watcher?.close());
    } catch {
      // The fallback alone is slower, not wrong.
    }
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearTimeout(this.#nextLook);
    this.#nextIndex = undefined;
  }

  #noteOwnCommit(): void {
    this.#hasCommitted = true;
    if (this.#listeners.size === 0 || this.#nextBusyLook) return;
    this.#unwatch();
    this.#lookWhileBusy();
  }

  #lookWhileBusy(): void {
    this.#hasCommitted = false;
    this.#nextBusyLook = setTimeout(() => {
      this.#nextBusyLook = undefined;
      if (this.#hasCommitted) this.#lookWhileBusy();
      else this.#watchAgain();
      this.#look();
    }, LOOK_WHILE_BUSY_MS);
    this.#nextBusyLook.unref();
  }

  /** The looks catch what was written before and will be committed only now. */
  #watchAgain(): void {
    this.#watch();
    this.#lookAfter(0);
  }

  /** Each notice begins the row of looks anew; one that follows closely does not put the first look off. */
  #lookAfter(index: number): void {
    if (index === 0 && this.#nextIndex === 0) return;
    clearTimeout(this.#nextLook);
    const delay = LOOKS_AFTER_MS[index];
    this.#nextIndex = delay === undefined ? undefined : index;
    if (delay === undefined) return;
    this.#nextLook = setTimeout(() => {
      this.#lookAfter(index + 1);
      this.#look();
    }, delay);
    this.#nextLook.unref();
  }

  #look(): void {
    if (this.#listeners.size === 0) return;
    const version = this.#readVersion();
    if (version === this.#version) return;
    this.#version = version;
    for (const listener of [...this.#listeners]) listener();
  }

  #readVersion(): unknown {
    try {
      return this.#connection.dataVersion();
    } catch {
      // The file is busy, or worse: nobody is here to be told. The next look, or the next commit, shows it.
      return this.#version;
    }
  }
}
