/** What can be seen of an actor from outside, alike for a live one and for one that the interpreter drives. */

import type { AnyMachineSnapshot } from "xstate";
import type { Happening } from "./random-machine.ts";

export interface SeenActor {
  readonly snapshot: AnyMachineSnapshot;
  /** Ids and inputs of the children that run, in the order of their ids. */
  readonly children: readonly (readonly [id: string, input: unknown])[];
  send(type: string): void;
  /** Lets one millisecond pass. */
  tick(): void;
  finish(childId: string, output: number): void;
  fail(childId: string, message: string): void;
}

export function happen(actor: SeenActor, happening: Happening, step: number): void {
  if (actor.snapshot.status !== "active") return;
  switch (happening.type) {
    case "send":
      actor.send(happening.event);
      return;
    case "wait":
      for (let ms = 0; ms < happening.ms && actor.snapshot.status === "active"; ms++) actor.tick();
      return;
    default: {
      const child = actor.children[happening.child % Math.max(1, actor.children.length)];
      if (!child) return;
      if (happening.type === "finish") actor.finish(child[0], step);
      else actor.fail(child[0], `failed at ${step}`);
    }
  }
}

export function view({ snapshot, children }: SeenActor) {
  const { status, value, context, output, error, tags } = snapshot;
  return {
    status,
    value,
    context,
    output,
    error: error === undefined ? undefined : (error as Error).message,
    tags: [...tags].sort(),
    children: status === "active" ? children : [],
  };
}
