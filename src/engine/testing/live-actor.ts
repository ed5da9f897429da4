/** XState's own live actor under a simulated clock: what the engine must be equal to, as long as nothing dies. */

import {
  type ActorLogic,
  type AnyActor,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  SimulatedClock,
} from "xstate";
import type { SeenActor } from "./seen-actor.ts";

interface ChildState {
  readonly status: "active" | "done" | "error";
  readonly output: unknown;
  readonly error: unknown;
  readonly input: unknown;
}

type ChildEvent =
  | { readonly type: "finish"; readonly output: number }
  | { readonly type: "fail"; readonly error: unknown };

/** A child that runs until it is told how to end. */
const child = {
  transition: (state: ChildState, event: ChildEvent): ChildState => {
    if (event.type === "finish") return { ...state, status: "done", output: event.output };
    if (event.type === "fail") return { ...state, status: "error", error: event.error };
    return state;
  },
  getInitialSnapshot: (_scope: unknown, input: unknown): ChildState => ({
    status: "active",
    output: undefined,
    error: undefined,
    input,
  }),
  getPersistedSnapshot: (state: ChildState) => state,
} as unknown as ActorLogic<never, never>;

export class LiveActor implements SeenActor {
  readonly #clock = new SimulatedClock();
  readonly #actor: AnyActor;

  constructor(machine: AnyStateMachine) {
    this.#actor = createActor(machine.provide({ actors: { child } } as never), { clock: this.#clock });
    // Without somebody who takes errors XState throws them at the process.
    this.#actor.subscribe({ error: () => {} });
    this.#actor.start();
  }

  get snapshot(): AnyMachineSnapshot {
    return this.#actor.getSnapshot() as AnyMachineSnapshot;
  }

  get children(): SeenActor["children"] {
    return Object.entries(this.snapshot.children as Record<string, AnyActor>)
      .filter(([, actor]) => actor.getSnapshot().status === "active")
      .map(([id, actor]) => [id, actor.getSnapshot().input] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  send(type: string): void {
    this.#actor.send({ type });
  }

  tick(): void {
    this.#clock.increment(1);
  }

  finish(id: string, output: number): void {
    this.#child(id)?.send({ type: "finish", output } as ChildEvent);
  }

  fail(id: string, message: string): void {
    this.#child(id)?.send({ type: "fail", error: { name: "Error", message } } as ChildEvent);
  }

  #child(id: string): AnyActor | undefined {
    return (this.snapshot.children as Record<string, AnyActor>)[id];
  }
}
