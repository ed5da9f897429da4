/** Follows what a Codex process prints until the process has ended, a limit is reached, or the activity is stopped. */

import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/log.ts";
import type { CodexEvent } from "./codex-events.ts";
import { LineReader } from "./line-reader.ts";

export interface FollowOptions {
  readonly eventsFile: string;
  /** Whether the process has ended. */
  readonly hasEnded: () => Promise<boolean>;
  /** Settles when the process has ended, if it is a child of ours: so that its end is seen at once. */
  readonly ended: Promise<unknown> | undefined;
  readonly readEvent: (line: string) => CodexEvent | undefined;
  readonly onEvent: (event: CodexEvent) => void;
  /** Called, and awaited, a few times a second. */
  readonly onTick: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly startedAt: number;
  readonly silenceMs: number;
  readonly limitMs: number;
}

export type FollowEnd = "ended" | "completed" | "silent" | "too-long";

const POLL_MS = 200;
/** Codex ends by itself after its turn; it is not waited for longer than this. */
const AFTER_COMPLETED_MS = 10_000;

/** Returns why it stopped to follow; the process may still run then. Throws the signal's reason when aborted. */
export async function followTurn(options: FollowOptions): Promise<FollowEnd> {
  const { clock, signal } = options;
  const reader = new LineReader(options.eventsFile);
  const pause = new Pause(options.ended, signal);
  let lastProgressAt = clock.now();
  let completedAt: number | undefined;
  const onLine = (line: string, cut: boolean) => {
    const event = cut ? undefined : options.readEvent(line);
    if (!event) {
      options.log.debug(cut ? "Codex printed a line that is too long" : "Codex printed a line that is no event");
      return;
    }
    if (event.type === "turn-completed") completedAt = clock.now();
    // An error is no progress: Codex may report the same one again and again.
    if (event.type !== "error") lastProgressAt = clock.now();
    options.onEvent(event);
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      // Asked before reading: what is read after the end is all there will ever be.
      const ended = await options.hasEnded();
      await reader.read(onLine);
      if (ended) return "ended";
      if (completedAt !== undefined && clock.now() - completedAt > AFTER_COMPLETED_MS) return "completed";
      if (completedAt === undefined && clock.now() - options.startedAt > options.limitMs) return "too-long";
      if (completedAt === undefined && clock.now() - lastProgressAt > options.silenceMs) return "silent";
      await options.onTick();
      await pause.wait();
    }
  } finally {
    pause.close();
    await reader.close();
  }
}

/** Waits until the next look, or less: when the process ends or the activity is stopped. */
class Pause {
  readonly #signal: AbortSignal;
  #woken = false;
  #wake = () => {
    this.#woken = true;
  };
  readonly #onAbort = () => this.#wake();

  constructor(ended: Promise<unknown> | undefined, signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort);
    ended?.then(() => this.#wake());
  }

  async wait(): Promise<void> {
    if (this.#woken) {
      this.#woken = false;
      return;
    }
    const wake = this.#wake;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = wake;
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
