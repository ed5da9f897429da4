/** A worker process as the bench sees it: when each of its lines came. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = join(import.meta.dirname, "worker.fixture.ts");

export class Worker {
  readonly startedAt = performance.now();
  readonly #child: ChildProcess;
  readonly #times = new Map<string, number[]>();
  readonly #exit: Promise<unknown>;
  #changed = () => {};

  constructor(database: string, ...flags: readonly string[]) {
    this.#child = spawn(process.execPath, [PROGRAM, database, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
    this.#exit = once(this.#child, "exit");
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      this.#times.set(line, [...(this.#times.get(line) ?? []), performance.now()]);
      this.#changed();
    });
  }

  /** When the line came for the `count`th time. */
  async said(line: string, count = 1): Promise<number> {
    for (;;) {
      const time = this.#times.get(line)?.[count - 1];
      if (time !== undefined) return time;
      const changed = new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
      const ended = this.#exit.then(() => Promise.reject(new Error(`the worker ended before it said "${line}"`)));
      await Promise.race([changed, ended]);
    }
  }

  /** SIGKILL, and its end. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exit;
  }
}
