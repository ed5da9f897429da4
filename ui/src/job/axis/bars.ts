/** What a row of the axis draws: bars by kind of work, with pixels. Pure. */

import type { SubtaskItem } from "../../../../src/core/protocol/jobs.ts";
import type { Span } from "./phase-spans.ts";
import { position, type TimeScale } from "./time-scale.ts";

/** `agent`: a model works and is paid. `work`: commands, git. `wait`: for a person or for another attempt. */
export type BarKind = "agent" | "work" | "wait";

export interface Bar {
  readonly kind: BarKind;
  readonly phase: string;
  readonly x: number;
  readonly width: number;
  readonly isNewTry: boolean;
}

const AGENT: ReadonlySet<string> = new Set(["coding", "planning", "merging", "integrating"]);
const WAIT: ReadonlySet<string> = new Set(["awaitingApproval"]);

/** Less cannot be seen. */
const LEAST = 2;

/** @param end of what still lasts */
export function barsOf(spans: readonly Span[], scale: TimeScale, end: number): readonly Bar[] {
  const bars: Bar[] = [];
  for (const { phase, from, to, isNewTry } of spans) {
    const x = position(scale, from);
    const width = position(scale, to ?? end) - x;
    const kind: BarKind = AGENT.has(phase) ? "agent" : WAIT.has(phase) ? "wait" : "work";
    const before = bars.at(-1);
    // Bars too thin to be told apart become one: the row stays cheap however far it is zoomed out.
    if (before && !isNewTry && (before.kind === kind || width < LEAST) && x - (before.x + before.width) < 1)
      bars[bars.length - 1] = { ...before, kind: before.kind === kind ? kind : "agent", width: x + width - before.x };
    else bars.push({ kind, phase, x, width: Math.max(LEAST, width), isNewTry });
  }
  return bars;
}

/** From a subtask's own times, for as long as its history is not there. */
export function spansOfTimes({ startedAt, finishedAt }: SubtaskItem): readonly Span[] {
  return startedAt === null ? [] : [{ phase: "coding", from: startedAt, to: finishedAt, isNewTry: false }];
}

export function areSameBars(a: readonly Bar[], b: readonly Bar[]): boolean {
  return (
    a.length === b.length &&
    a.every((bar, index) => {
      const other = b[index] as Bar;
      return bar.x === other.x && bar.width === other.width && bar.kind === other.kind && bar.phase === other.phase;
    })
  );
}
