/** From when to when an actor was in which phase, put together from the history as it comes. */

import type { EntryLog } from "../../live/entry-log.ts";

export interface Span {
  readonly phase: string;
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  /** Begins another try of the actor. */
  readonly isNewTry: boolean;
}

/** Phases in which an actor does nothing any more. */
const ENDS: ReadonlySet<string> = new Set(["done", "failed", "cancelled", "blocked", "skipped"]);

/** An agent that is sent back a thousand times is not a thousand bars: beyond this the shortest become one. */
const MOST = 160;

export class PhaseSpans {
  readonly #byActor = new Map<string, Span[]>();
  #log: EntryLog | null = null;
  #seen = 0;

  /** Reads what is new in the log; from the beginning if it is another one. */
  take(log: EntryLog): void {
    if (log !== this.#log) {
      this.#byActor.clear();
      this.#log = log;
      this.#seen = 0;
    }
    for (const { seq, at, actorId, event, state } of log.since(this.#seen)) {
      this.#seen = seq;
      this.#enter(actorId, topOf(state), at, event === "xstate.init");
    }
  }

  /** @param until what came later is left out, and what lasted then lasts */
  of(actorId: string, until = Number.POSITIVE_INFINITY): readonly Span[] {
    const spans = this.#byActor.get(actorId) ?? [];
    if (spans.length === 0 || (spans.at(-1)?.to ?? 0) <= until) return spans.filter(({ from }) => from <= until);
    return spans
      .filter(({ from }) => from <= until)
      .map((span) => (span.to !== null && span.to > until ? { ...span, to: null } : span));
  }

  #enter(actorId: string, phase: string, at: number, isNewTry: boolean): void {
    const spans = this.#byActor.get(actorId) ?? [];
    this.#byActor.set(actorId, spans);
    const last = spans.at(-1);
    if (last && last.to === null) {
      if (last.phase === phase && !isNewTry) return;
      spans[spans.length - 1] = { ...last, to: at };
    }
    if (ENDS.has(phase)) return;
    spans.push({ phase, from: at, to: null, isNewTry: isNewTry && spans.length > 0 });
    if (spans.length > MOST) joinShortest(spans);
  }
}

/** The pair that is shortest together becomes one span of the phase that took longer. */
function joinShortest(spans: Span[]): void {
  let [at, shortest] = [0, Number.POSITIVE_INFINITY];
  for (let index = 0; index < spans.length - 2; index++) {
    const length = (spans[index + 1]?.to ?? 0) - (spans[index]?.from ?? 0);
    if (length < shortest) [at, shortest] = [index, length];
  }
  const [first, second] = [spans[at] as Span, spans[at + 1] as Span];
  const longer = (first.to ?? 0) - first.from >= (second.to ?? 0) - second.from ? first : second;
  spans.splice(at, 2, { phase: longer.phase, from: first.from, to: second.to, isNewTry: first.isNewTry });
}

/** `{ verifying: "running" }` is `verifying`. */
function topOf(state: unknown): string {
  if (typeof state === "string") return state;
  if (state === null || typeof state !== "object") return "";
  return Object.keys(state)[0] ?? "";
}
