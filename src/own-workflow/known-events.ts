/** Which words from outside a machine knows, so that one that it can never take is not kept for it for ever. */

import type { AnyStateMachine, StateValue } from "xstate";
import type { Json } from "../core/json.ts";

/** Types of all the events that it listens for somewhere; null if it takes any (a wildcard). */
export function knownEvents(machine: AnyStateMachine): readonly string[] | null {
  const types = machine.events.map(String);
  return types.some((type) => type.includes("*")) ? null : fromOutside(types);
}

/** Types of those that it listens for in that state, whatever its guards say. */
export function eventsAt(machine: AnyStateMachine, value: Json): readonly string[] {
  const { _nodes } = machine.resolveState({ value: value as StateValue, context: {} });
  return fromOutside(_nodes.flatMap((node) => node.ownEvents.map(String)));
}

/** The engine says the others itself: results, timers. */
function fromOutside(types: readonly string[]): readonly string[] {
  return [...new Set(types)].filter((type) => type !== "" && !type.startsWith("xstate.")).sort();
}
