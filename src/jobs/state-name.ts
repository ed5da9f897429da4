/** A state value as a person reads it: `checking.tests`, and `a, b.c` for parallel ones. */

import type { Json } from "../core/json.ts";

export function stateName(value: Json): string {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return "";
  return Object.entries(value)
    .map(([name, below]) => [name, stateName(below as Json)].filter((part) => part !== "").join("."))
    .join(", ");
}
