/** Drives a machine through the interpreter alone, one event after the other. */

import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import type { Json } from "../../core/json.ts";
import type { Effect } from "../effect.ts";
import { Interpreter, type MachineEvent, type PersistedSnapshot } from "../interpreter.ts";

export class Stepper {
  readonly interpreter: Interpreter;
  snapshot: AnyMachineSnapshot;
  /** Those of the last transition. */
  effects: readonly Effect[];

  constructor(machine: AnyStateMachine, input: Json = null) {
    this.interpreter = new Interpreter(machine);
    ({ snapshot: this.snapshot, effects: this.effects } = this.interpreter.start(input));
  }

  /** Takes the events one after the other; `effects` are then those of the last. */
  send(...events: readonly (string | MachineEvent)[]): this {
    for (const event of events) {
      const { snapshot, effects } = this.interpreter.next(
        this.snapshot,
        typeof event === "string" ? { type: event } : event,
      );
      this.snapshot = snapshot;
      this.effects = effects;
    }
    return this;
  }

  done(id: string, output: Json = null): this {
    return this.send({ type: `xstate.done.actor.${id}`, output, actorId: id });
  }

  failed(id: string, error: Json): this {
    return this.send({ type: `xstate.error.actor.${id}`, error, actorId: id });
  }

  /** What stands in the database: the snapshot after JSON. */
  persisted(): PersistedSnapshot {
    return JSON.parse(JSON.stringify(this.interpreter.persist(this.snapshot))) as PersistedSnapshot;
  }

  /** As after a restart: the same place, from JSON alone. */
  restart(): this {
    this.snapshot = this.interpreter.restore(this.persisted());
    return this;
  }
}
