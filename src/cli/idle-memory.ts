/**
 * A process whose jobs only wait gives back the memory that their work took. V8 keeps it for objects to come, and where
 * nothing more is made it sees no reason to look again.
 */

/** A wait that is over sooner is not worth the pause of some ten milliseconds. */
const AFTER_MS = 5_000;

export class IdleMemory {
  readonly #giveBack: () => void;
  readonly #afterMs: number;
  /** Engines of this process that have something to do. */
  #busy = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(giveBack: () => void = () => void collectGarbage(), afterMs = AFTER_MS) {
    this.#giveBack = giveBack;
    this.#afterMs = afterMs;
  }

  /** To be told by each engine, first that it has something to do, then that it has nothing any more, and so on. */
  readonly onRest = (isResting: boolean): void => {
    this.#busy += isResting ? -1 : 1;
    clearTimeout(this.#timer);
    if (this.#busy > 0) return;
    this.#timer = setTimeout(this.#giveBack, this.#afterMs);
    this.#timer.unref();
  };
}

/** What a debugger asks for by "collect garbage": what can be done without is given back to the system. */
export async function collectGarbage(): Promise<void> {
  try {
    // Only now: most commands never come here, and a Node may have been built without it.
    const { Session } = await import("node:inspector/promises");
    const session = new Session();
    session.connect();
    await session.post("HeapProfiler.collectGarbage");
    session.disconnect();
  } catch {
    // Then it is kept, as it would have been.
  }
}
