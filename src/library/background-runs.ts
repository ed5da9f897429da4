/** The jobs that an engine runs in this process, and who waits for them. */

import { OrchError } from "../core/errors.ts";
import type { Engine } from "../engine/engine.ts";

export class BackgroundRuns {
  readonly #engine: Engine;
  readonly #stop = new AbortController();
  readonly #runs = new Map<string, Promise<void>>();
  /** What ended a run before its job had settled. */
  readonly #failures = new Map<string, unknown>();
  /** Those that were to begin while their last run may have been ending. */
  readonly #again = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  isRunning(jobId: string): boolean {
    return this.#runs.has(jobId);
  }

  failureOf(jobId: string): unknown {
    return this.#failures.get(jobId);
  }

  /** Runs the job, unless it is run here already. One that another process has is left to it. */
  begin(jobId: string): void {
    if (this.isClosed) return;
    if (this.#runs.has(jobId)) {
      this.#again.add(jobId);
      return;
    }
    this.#failures.delete(jobId);
    const run = this.#engine
      .run(jobId, { signal: this.#stop.signal, onUpdate: (update) => update.type === "step" && this.#tell() })
      .then(
        () => {},
        (error: unknown) => {
          if (error instanceof OrchError && error.code === "job-running-elsewhere") return;
          this.#failures.set(jobId, error);
        },
      )
      .finally(() => {
        this.#runs.delete(jobId);
        if (this.#again.delete(jobId)) this.begin(jobId);
        this.#tell();
      });
    this.#runs.set(jobId, run);
  }

  /** Calls back whenever something was committed here, or a run has ended. Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#runs.values());
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
