/** Which parts of a context the last entry changed, by their paths (`board.2.status`). Pure. */

import type { ContextChange } from "../../../../src/core/protocol/history.ts";

export type ChangeKind = "added" | "removed" | "changed";

export interface ChangeMarks {
  readonly kinds: ReadonlyMap<string, ChangeKind>;
  /** Paths of all that has a change somewhere in it. */
  readonly holders: ReadonlySet<string>;
}

export function changeMarks(changes: readonly ContextChange[]): ChangeMarks {
  const kinds = new Map<string, ChangeKind>();
  const holders = new Set<string>();
  for (const change of changes) {
    kinds.set(change.path, kindOf(change));
    const parts = change.path.split(".");
    for (let length = 1; length < parts.length; length++) holders.add(parts.slice(0, length).join("."));
  }
  return { kinds, holders };
}

export function kindOf({ before, after }: ContextChange): ChangeKind {
  if (before === undefined) return "added";
  return after === undefined ? "removed" : "changed";
}
