/** Which states a state value (`"planning"`, `{ verifying: "running" }`) says are active. Pure. */

import type { JsonValue } from "../../../../src/core/protocol/common.ts";
import type { MachineIndex } from "./machine-index.ts";

/** All of them, outer before inner, the root first. What the machine does not know is left out. */
export function activeStates(machine: MachineIndex, value: JsonValue | null): string[] {
  const { root } = machine.chart;
  return value === null ? [] : [root, ...below(machine, root, value)];
}

/** The innermost ones: one, or one for each region. */
export function activeLeaves(machine: MachineIndex, value: JsonValue | null): string[] {
  const active = new Set(activeStates(machine, value));
  return [...active].filter((id) => !machine.state(id)?.children.some((child) => active.has(child)));
}

function below(machine: MachineIndex, parent: string, value: JsonValue): string[] {
  if (typeof value === "string") {
    const child = machine.childByKey(parent, value);
    return child ? [child.id] : [];
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const child = machine.childByKey(parent, key);
    return child === undefined ? [] : [child.id, ...below(machine, child.id, inner ?? {})];
  });
}

/** In words: `verifying / running`, regions by commas. */
export function stateWords(value: JsonValue | null): string {
  if (value === null) return "not begun";
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).map(([key, inner]) => {
    const rest = inner === undefined ? "" : stateWords(inner);
    return rest === "" ? key : `${key} / ${rest}`;
  });
  return parts.join(", ");
}
