/** The engine's interpreter with what the engine does around it, in memory; the snapshot goes through JSON at each step. */

import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import type { Json } from "../../core/json.ts";
import { Interpreter, type MachineEvent, type PersistedSnapshot, type Transition } from "../interpreter.ts";
import { activity } from "./activity.ts";
import type { SeenActor } from "./seen-actor.ts";

interface Timer {
  readonly dueAt: number;
  readonly event: MachineEvent;
}

export class InterpretedActor implements SeenActor {
  readonly #interpreter: Interpreter;
  readonly #timers = new Map<string, Timer>();
  readonly #running = new Map<string, unknown>();
  readonly #queue: MachineEvent[] = [];
  #now = 0;
  #nameless = 0;
  /** The events that it took, in order. */
  readonly taken: MachineEvent[] = [];
  snapshot: AnyMachineSnapshot;
  /**
   * Whether a timer or a child was started while one of the same name was there. XState 5.33 can enter a state that it
   * has not left, through a history state of a state that it is in. Live actors then have both, the engine has the second.
   */
  hasDoubled = false;

  constructor(machine: AnyStateMachine) {
    this.#interpreter = new Interpreter(machine.provide({ actors: { child: activity() } } as never));
    this.snapshot = this.#keep(this.#interpreter.start(null));
    this.#drain();
  }

  get children(): SeenActor["children"] {
    return [...this.#running].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  send(type: string): void {
    this.#deliver({ type });
  }

  tick(): void {
    this.#now += 1;
    for (;;) {
      // A stable sort: timers of the same moment fire in the order in which they were set.
      const [next] = [...this.#timers].sort(([, a], [, b]) => a.dueAt - b.dueAt);
      if (!next || next[1].dueAt > this.#now) return;
      this.#timers.delete(next[0]);
      this.#deliver(next[1].event);
    }
  }

  finish(id: string, output: number): void {
    this.#running.delete(id);
    this.#deliver({ type: `xstate.done.actor.${id}`, output, actorId: id });
  }

  fail(id: string, message: string): void {
    this.#running.delete(id);
    this.#deliver({ type: `xstate.error.actor.${id}`, error: { name: "Error", message }, actorId: id });
  }

  #deliver(event: MachineEvent): void {
    this.#queue.push(event);
    this.#drain();
  }

  #drain(): void {
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
      if (this.snapshot.status !== "active") return;
      this.taken.push(event);
      this.snapshot = this.#keep(this.#interpreter.next(this.snapshot, event));
    }
  }

  #keep({ snapshot, effects }: Transition): AnyMachineSnapshot {
    for (const effect of effects) {
      switch (effect.type) {
        case "invoke":
          this.hasDoubled ||= this.#running.has(effect.id);
          this.#running.set(effect.id, effect.input);
          break;
        case "stop":
          this.#running.delete(effect.id);
          break;
        case "timer": {
          const name = effect.sendId ?? `nameless ${this.#nameless++}`;
          this.hasDoubled ||= this.#timers.has(name);
          this.#timers.set(name, { dueAt: this.#now + effect.delayMs, event: effect.event as unknown as MachineEvent });
          break;
        }
        case "cancel-timer":
          this.#timers.delete(effect.sendId);
          break;
        case "send":
          this.#queue.push(effect.event as unknown as MachineEvent);
          break;
      }
    }
    if (snapshot.status !== "active") this.#timers.clear();
    const text = JSON.stringify(this.#interpreter.persist(snapshot) as unknown as Json);
    return this.#interpreter.restore(JSON.parse(text) as PersistedSnapshot);
  }
}
