/**
 * The way that one actor has come: which transitions and states, how often, up to any entry. What an entry stands for is
 * found out once for each kind of entry, so that moving the slider over a long history only counts numbers.
 */

import type { HistoryEntry } from "../../../../src/core/protocol/history.ts";
import { activeLeaves, activeStates } from "./active-states.ts";
import type { MachineIndex } from "./machine-index.ts";
import { takenTransitions } from "./taken.ts";

/** What entries with the same event between the same states have in common. */
export interface Step {
  readonly event: string;
  readonly transitions: readonly string[];
  /** States that were entered by it, also for a moment only, each once. */
  readonly entered: readonly string[];
  readonly before: HistoryEntry["state"] | null;
  readonly after: HistoryEntry["state"];
}

export interface PathCounts {
  readonly transitions: ReadonlyMap<string, number>;
  readonly states: ReadonlyMap<string, number>;
  /** The last step, and the number of its entry; null before the first. */
  readonly last: { readonly seq: number; readonly step: Step } | null;
}

export class ActorPath {
  readonly #machine: MachineIndex;
  readonly #kinds: Step[] = [];
  readonly #kindOf = new Map<string, number>();
  readonly #seqs: number[] = [];
  readonly #steps: number[] = [];

  constructor(machine: MachineIndex) {
    this.#machine = machine;
  }

  /** Entries of this actor only, in order. */
  take({ seq, event, state }: Pick<HistoryEntry, "seq" | "event" | "state">): void {
    const before = this.#kinds[this.#steps.at(-1) ?? -1]?.after ?? null;
    const key = `${JSON.stringify(before)} ${event} ${JSON.stringify(state)}`;
    let kind = this.#kindOf.get(key);
    if (kind === undefined) {
      kind = this.#kinds.push(this.#stepOf(before, event, state)) - 1;
      this.#kindOf.set(key, kind);
    }
    this.#seqs.push(seq);
    this.#steps.push(kind);
  }

  get length(): number {
    return this.#seqs.length;
  }

  /** Everything up to and with entry `seq`. */
  upTo(seq: number): PathCounts {
    const end = this.#positionAfter(seq);
    const often = new Array<number>(this.#kinds.length).fill(0);
    for (let at = 0; at < end; at++) {
      const kind = this.#steps[at] as number;
      often[kind] = (often[kind] as number) + 1;
    }
    const transitions = new Map<string, number>();
    const states = new Map<string, number>();
    this.#kinds.forEach((step, kind) => {
      const times = often[kind] as number;
      if (times === 0) return;
      for (const id of step.transitions) transitions.set(id, (transitions.get(id) ?? 0) + times);
      for (const id of step.entered) states.set(id, (states.get(id) ?? 0) + times);
    });
    const last = end === 0 ? null : { seq: this.#seqs[end - 1] as number, step: this.#stepAt(end - 1) };
    return { transitions, states, last };
  }

  /** Entries, newest first, whose step the caller wants: those of a state, or of a transition. */
  entries(upTo: number, isWanted: (step: Step) => boolean, most: number): { seq: number; step: Step }[] {
    const found: { seq: number; step: Step }[] = [];
    for (let at = this.#positionAfter(upTo) - 1; at >= 0 && found.length < most; at--) {
      const step = this.#stepAt(at);
      if (isWanted(step)) found.push({ seq: this.#seqs[at] as number, step });
    }
    return found;
  }

  #stepAt(position: number): Step {
    return this.#kinds[this.#steps[position] as number] as Step;
  }

  /** How many entries are not after `seq`. */
  #positionAfter(seq: number): number {
    let [low, high] = [0, this.#seqs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seqs[middle] as number) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #stepOf(before: Step["before"], event: string, after: Step["after"]): Step {
    const machine = this.#machine;
    const transitions = takenTransitions(machine, activeLeaves(machine, before), event, activeLeaves(machine, after));
    const was = new Set(activeStates(machine, before));
    const entered = new Set(activeStates(machine, after).filter((id) => !was.has(id)));
    const taken = machine.chart.transitions.filter(({ id }) => transitions.includes(id));
    for (const { targets } of taken) {
      for (const target of targets) entered.add(target);
    }
    return { event, transitions, entered: [...entered], before, after };
  }
}
