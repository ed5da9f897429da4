/** Where a workflow can be on a walk: its snapshot after JSON, and what runs there. */

import { type Json, toJson } from "../../src/core/json.ts";
import type { Effect } from "../../src/engine/effect.ts";
import type { Interpreter, PersistedSnapshot, Transition } from "../../src/engine/interpreter.ts";

/** An activity or child workflow that was started. */
export interface Started {
  readonly id: string;
  readonly src: string;
  readonly input: Json;
}

/** Where a workflow can be. */
export interface Place<Context> {
  /** The shortest way there: the names of answers and signals. */
  readonly path: readonly string[];
  /** `verifying.running` */
  readonly state: string;
  readonly status: PersistedSnapshot["status"];
  readonly tags: readonly string[];
  readonly context: Context;
  readonly output: unknown;
  readonly snapshot: PersistedSnapshot;
  /** What was started and has neither answered nor been stopped, by its id. */
  readonly running: ReadonlyMap<string, Started>;
}

export function placeOf<Context>(
  interpreter: Interpreter,
  { snapshot }: Transition,
  path: readonly string[],
  running: ReadonlyMap<string, Started>,
): Place<Context> {
  const persisted = throughJson(interpreter.persist(snapshot));
  return {
    path,
    state: stateName(persisted.value),
    status: persisted.status,
    tags: [...snapshot.tags],
    context: persisted.context as Context,
    output: persisted.output,
    snapshot: persisted,
    running,
  };
}

/** As after a restart. */
export function restore<Context>(interpreter: Interpreter, { snapshot }: Place<Context>) {
  return interpreter.restore(throughJson(snapshot));
}

/**
 * What runs after a transition with these effects.
 *
 * @throws Error for a child that is started while it runs, and for an effect that a walk cannot follow
 */
export function runningAfter<Context>(
  path: readonly string[],
  from: Place<Context> | null,
  ended: string | undefined,
  effects: readonly Effect[],
): ReadonlyMap<string, Started> {
  const running = new Map(from?.running);
  if (ended !== undefined) running.delete(ended);
  const refuse = (what: string) => new Error(`${["start", ...path].join(" > ")}: ${what}`);
  for (const effect of effects) {
    if (effect.type === "stop") running.delete(effect.id);
    else if (effect.type !== "invoke") throw refuse(`the walk does not know how to follow a "${effect.type}" yet`);
    else {
      const { id, src, input } = effect;
      if (running.has(id)) throw refuse(`"${id}" is started while it runs`);
      running.set(id, { id, src, input: throughJson(toJson(input, `input of ${id}`)) });
    }
  }
  return running;
}

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function stateName(value: Json): string {
  if (typeof value === "string") return value;
  return Object.entries(value as Record<string, Json>)
    .map(([name, inner]) => [name, stateName(inner)].filter((part) => part !== "").join("."))
    .join(" + ");
}
