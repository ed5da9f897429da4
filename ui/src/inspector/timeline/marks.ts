/** What stands on the slider's track: the job's phases as chapters, and what a person looks for in a history. Pure. */

import type { HistoryEntry } from "../../../../src/core/protocol/history.ts";

export type MarkKind = "failure" | "retry" | "end";

export interface Mark {
  readonly seq: number;
  readonly kind: MarkKind;
  /** What happened, a few words. */
  readonly text: string;
}

export interface Phase {
  readonly name: string;
  readonly from: number;
}

/** Takes entries as they come, so that a stream costs what is new and no more. */
export class TimelineMarks {
  readonly marks: Mark[] = [];
  readonly phases: Phase[] = [];
  readonly #begun = new Set<string>();

  take({ seq, actorId, event, state, effects, error }: HistoryEntry): void {
    if (actorId === "job") {
      const name = phaseOf(state);
      if (this.phases.at(-1)?.name !== name) this.phases.push({ name, from: seq });
      if (event === "job.retry") this.#mark(seq, "retry", "retried by hand");
      const again = effects.filter(({ type, id }) => type === "invoke" && id !== null && this.#begun.has(id));
      if (again.length > 0 && event !== "job.retry") this.#mark(seq, "retry", `${again[0]?.id ?? ""} begins again`);
      for (const { type, id, src } of effects) if (type === "invoke" && src === "subtask" && id) this.#begun.add(id);
    }
    const ended = /^xstate\.(done|error)\.actor\.(.+)$/.exec(event);
    const child = ended?.[2] ?? "";
    if (error !== null) this.#mark(seq, "failure", `${child || actorId}: ${error.message}`);
    else if (actorId === "job" && this.#begun.has(child)) this.#mark(seq, "end", `${child} is done`);
  }

  #mark(seq: number, kind: MarkKind, text: string): void {
    this.marks.push({ seq, kind, text });
  }
}

function phaseOf(state: HistoryEntry["state"]): string {
  if (typeof state === "string") return state;
  return state !== null && typeof state === "object" ? Object.keys(state).join(" + ") : "";
}

/** Of several marks the one that a person looks for is the one with the highest. */
const RANK: Readonly<Record<MarkKind, number>> = { end: 0, retry: 1, failure: 2 };

/** What is marked around an entry, the worst first. */
export function around(marks: readonly Mark[], seq: number, reach: number, most: number): Mark[] {
  return marks
    .filter((mark) => Math.abs(mark.seq - seq) <= reach)
    .toSorted((a, b) => RANK[b.kind] - RANK[a.kind] || a.seq - b.seq)
    .slice(0, most);
}

/** The marks that have a place of their own on a track of so many places: of several at one, the worst. */
export function placed(
  marks: readonly Mark[],
  first: number,
  last: number,
  places: number,
): { readonly place: number; readonly mark: Mark; readonly count: number }[] {
  const found = new Map<number, { place: number; mark: Mark; count: number }>();
  for (const mark of marks) {
    const place = Math.round(((mark.seq - first) / Math.max(1, last - first)) * (places - 1));
    const held = found.get(place);
    if (held === undefined) found.set(place, { place, mark, count: 1 });
    else {
      held.count += 1;
      if (RANK[mark.kind] > RANK[held.mark.kind]) held.mark = mark;
    }
  }
  return [...found.values()];
}
