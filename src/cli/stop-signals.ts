/** Ctrl-C, and what a terminal or a system sends: once stops gently, twice at once. */

import { EXIT } from "./command.ts";

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A terminal sends Ctrl-C to all its processes, and npm and the like pass theirs on: the same one may come twice. */
const SAME_STOP_MS = 250;

export class StopSignals implements Disposable {
  readonly #controller = new AbortController();
  readonly #onStop: () => void;
  readonly #onKill: () => void;
  #stoppedAt: number | undefined;

  /**
   * @param onStop called at the first signal, before `signal` is aborted
   * @param onKill called at the second one, before the process exits
   */
  constructor(onStop: () => void, onKill: () => void) {
    this.#onStop = onStop;
    this.#onKill = onKill;
    for (const name of STOPS) process.on(name, this.#take);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #take = (): void => {
    const now = performance.now();
    if (this.#stoppedAt === undefined) {
      this.#stoppedAt = now;
      this.#onStop();
      this.#controller.abort();
    } else if (now - this.#stoppedAt > SAME_STOP_MS) {
      this.#onKill();
      process.exit(EXIT.interrupted);
    }
  };

  [Symbol.dispose](): void {
    for (const name of STOPS) process.off(name, this.#take);
  }
}
