/** What stands at a transition: its event, guard and delay, in the words of a person. Pure. */

import type { Chart, ChartTransition } from "../../../../src/core/protocol/machine.ts";

export interface TransitionWords {
  readonly transition: string;
  /** `plan.approve`, `done`, `error`, `after 5 s`, `always` */
  readonly event: string;
  /** `wantsApproval`; `else` for the last of several; null without. */
  readonly guard: string | null;
  readonly kind: ChartTransition["kind"];
}

/** Of every transition of a machine, by id. */
export function wordsOf(chart: Chart): ReadonlyMap<string, TransitionWords> {
  const services = new Map(chart.states.map(({ id, invokes }) => [id, invokes]));
  const guarded = new Set<string>();
  const words = new Map<string, TransitionWords>();
  for (const transition of chart.transitions) {
    const { id, source, kind, guard } = transition;
    const rivals = `${source} ${kind} ${transition.event}`;
    // Of a state with one service there is no need to say which has ended.
    const isOnly = (services.get(source)?.length ?? 0) <= 1;
    const isElse = guard === null && guarded.has(rivals);
    words.set(id, { transition: id, event: eventWords(transition, isOnly), guard: isElse ? "else" : guard, kind });
    if (guard !== null) guarded.add(rivals);
  }
  return words;
}

function eventWords({ kind, event, service, delay }: ChartTransition, isOnly: boolean): string {
  switch (kind) {
    case "always":
      return "always";
    case "after":
      return `after ${delayWords(delay)}`;
    case "done":
    case "error":
      if (service === "*") return `any child ${kind}`;
      return isOnly || service === null ? kind : `${kind} ${service}`;
    case "event":
      return event;
  }
}

/** A delay is a number of milliseconds, or a name. */
export function delayWords(delay: string | null): string {
  if (delay === null) return "a while";
  const ms = Number(delay);
  if (!Number.isFinite(ms)) return delay;
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${round(ms / 60_000)} min`;
  return `${round(ms / 3_600_000)} h`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** On one line: `plan.approve [isSound]` */
export function oneLine({ event, guard }: Pick<TransitionWords, "event" | "guard">): string {
  return guard === null ? event : `${event} [${guard}]`;
}

/** The lines of a label: the same words of two transitions are one. */
export function chipLines(lines: readonly TransitionWords[]): readonly TransitionWords[] {
  return lines.filter((line, index) => lines.findIndex((other) => oneLine(other) === oneLine(line)) === index);
}
