/**
 * Group commit: what jobs have to write in one turn of the event loop shares one transaction, and so one fsync. A promise
 * settles after the commit, so nothing that follows from what was written starts before it is on disk. A job that runs
 * alone writes one step at a time: nobody can join it, so it does not wait for the turn's end.
 */

import type { Clock } from "../core/clock.ts";
import type { Outcome, Step, StepOutcome, Store } from "../store/store.ts";
import { BUSY_PAUSE_MS, isBusy, Patience } from "./patience.ts";

interface Waiting<Task, Result> {
  readonly task: Task;
  readonly settle: (outcome: Outcome<Result>) => void;
}

type Write<Task, Result> = (tasks: readonly Task[]) => readonly Outcome<Result>[];

/** How long steps that follow each other at once may keep the event loop from all else: signals, timers, input. */
const LONGEST_TURN_MS = 20;

export class Committer {
  readonly #steps: Group<Step, StepOutcome>;
  readonly #acts: Group<() => unknown, unknown>;

  /** @param isAlone whether no more than one job runs */
  constructor(store: Store, clock: Clock, isAlone: () => boolean) {
    const turn = new Turn(isAlone);
    this.#steps = new Group(clock, turn, (steps) => store.commit(steps).map((result) => ({ ok: true, result })));
    this.#acts = new Group(clock, turn, (acts) => store.together(acts));
  }

  /** @throws whatever the store throws; the step is not written then. While the store is busy, it waits. */
  commit(step: Step): Promise<StepOutcome> {
    return this.#steps.add(step);
  }

  /**
   * Does something else with the store. It may be done again if its transaction could not be committed.
   *
   * @throws whatever it throws, or the store; nothing of it is written then. While the store is busy, it waits.
   */
  act<Result>(act: () => Result): Promise<Result> {
    return this.#acts.add(act) as Promise<Result>;
  }
}

class Turn {
  readonly #isAlone: () => boolean;
  #endedAt = 0;

  constructor(isAlone: () => boolean) {
    this.#isAlone = isAlone;
  }

  /** Calls back when nobody can join any more what is to be written. */
  atEnd(callback: () => void): void {
    if (this.#isAlone() && performance.now() - this.#endedAt < LONGEST_TURN_MS) {
      process.nextTick(callback);
      return;
    }
    setImmediate(() => {
      this.#endedAt = performance.now();
      callback();
    });
  }
}

/** What waits for the end of the turn. */
class Group<Task, Result> {
  readonly #clock: Clock;
  readonly #turn: Turn;
  readonly #write: Write<Task, Result>;
  readonly #patience: Patience;
  #waiting: Waiting<Task, Result>[] = [];
  /** Whether the next write is on its way. */
  #isDue = false;

  constructor(clock: Clock, turn: Turn, write: Write<Task, Result>) {
    this.#clock = clock;
    this.#turn = turn;
    this.#write = write;
    this.#patience = new Patience(clock);
  }

  add(task: Task): Promise<Result> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome<Result>) => (outcome.ok ? resolve(outcome.result) : reject(outcome.error));
      this.#waiting.push({ task, settle });
      if (this.#isDue) return;
      this.#isDue = true;
      this.#turn.atEnd(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = this.#writeAll(waiting);
    this.#isDue = this.#waiting.length > 0;
    if (this.#isDue) this.#clock.setTimer(() => this.#flush(), BUSY_PAUSE_MS);
    else this.#patience.reset();
  }

  /** Returns those that the store was too busy for. */
  #writeAll(waiting: readonly Waiting<Task, Result>[]): Waiting<Task, Result>[] {
    try {
      const outcomes = this.#write(waiting.map(({ task }) => task));
      for (const [index, { settle }] of waiting.entries()) settle(outcomes[index] as Outcome<Result>);
    } catch (error) {
      if (this.#patience.allows(error)) return [...waiting];
      // The one that is to blame must not take the others with it.
      if (waiting.length > 1 && !isBusy(error)) return waiting.flatMap((one) => this.#writeAll([one]));
      for (const { settle } of waiting) settle({ ok: false, error });
    }
    return [];
  }
}
