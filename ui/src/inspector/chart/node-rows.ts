/** What stands in a state's box below its name: actions, services, child machines, inner transitions. Pure. */

import type { ChartState, ChartTransition } from "../../../../src/core/protocol/machine.ts";
import { LONGEST, PADDING, ROW_SIZE } from "./sizes.ts";
import { shortened, textWidth } from "./text-width.ts";
import { oneLine, type TransitionWords } from "./transition-words.ts";

export interface NodeRow {
  /** `on`: a transition that leads nowhere else. `again`: one that leaves the state and enters it anew. */
  readonly kind: "entry" | "exit" | "invoke" | "spawn" | "on" | "again";
  readonly text: string;
  /** The id that the machine knows the service by; for `spawn` and `on` null. */
  readonly service: string | null;
  /** Name of the child machine that opens in place. */
  readonly workflow: string | null;
  /** For `on` and `again`. */
  readonly transition: string | null;
}

export function rowsOf(
  { entry, exit, invokes, spawns }: ChartState,
  stays: readonly ChartTransition[],
  words: ReadonlyMap<string, TransitionWords>,
): NodeRow[] {
  const row = { service: null, workflow: null, transition: null };
  return [
    ...entry.filter(isNamed).map((text) => ({ ...row, kind: "entry" as const, text })),
    ...invokes.map(({ id, src, workflow }) => ({ ...row, kind: "invoke" as const, text: src, service: id, workflow })),
    ...spawns.map((text) => ({ ...row, kind: "spawn" as const, text, workflow: text })),
    ...stays.map(({ id, targets, isReentering }) => ({
      ...row,
      kind: targets.length > 0 && isReentering ? ("again" as const) : ("on" as const),
      text: oneLine(words.get(id) as TransitionWords),
      transition: id,
    })),
    ...exit.filter(isNamed).map((text) => ({ ...row, kind: "exit" as const, text })),
  ].map((one) => ({ ...one, text: shortened(one.text, LONGEST) }));
}

/** Timers are started and stopped by actions of XState's own: their transitions say so already. */
function isNamed(action: string): boolean {
  return !action.startsWith("xstate.");
}

/** With its sign before, and room for what the service is doing behind. */
export function rowWidth({ kind, text }: NodeRow): number {
  const room = kind === "invoke" || kind === "spawn" ? 44 : 0;
  return textWidth(text, ROW_SIZE) + 2 * PADDING + 20 + room;
}
