/** The entries of the history that match what is looked for: all of them without a copy, else their numbers. */

import { type Accessor, createMemo, createSignal } from "solid-js";
import type { HistoryEntry } from "../../../../src/core/protocol/history.ts";
import type { JobScope } from "../../live/job-scope.ts";
import { eventInWords, stateInWords } from "../../words/events.ts";

export interface FoundEntries {
  readonly text: Accessor<string>;
  readonly setText: (text: string) => void;
  readonly length: Accessor<number>;
  readonly entryAt: (place: number) => HistoryEntry | undefined;
  readonly seqOf: (place: number) => number | undefined;
  /** Where an entry stands among those found; null if it is not among them. */
  readonly placeOf: (seq: number | null) => number | null;
}

export function createFoundEntries(scope: JobScope): FoundEntries {
  const [text, setText] = createSignal("");
  const words = createMemo(() => text().trim().toLowerCase());
  let kept: { words: string; log: unknown; seen: number; seqs: number[] } | null = null;

  /** Null: all. What comes later is looked at when it comes, not all anew. */
  const seqs = createMemo(
    () => {
      scope.last();
      if (words() === "") return null;
      const log = scope.entries;
      if (kept?.words !== words() || kept.log !== log) kept = { words: words(), log, seen: 0, seqs: [] };
      for (const entry of log.since(kept.seen)) {
        kept.seen = entry.seq;
        if (matches(entry, kept.words)) kept.seqs.push(entry.seq);
      }
      return kept.seqs;
    },
    undefined,
    { equals: false },
  );
  const seqOf = (place: number) => {
    const found = seqs();
    return found === null ? place + 1 : found[place];
  };
  return {
    text,
    setText,
    length: () => seqs()?.length ?? scope.last(),
    seqOf,
    entryAt: (place) => scope.entries.get(seqOf(place) ?? 0),
    placeOf(seq) {
      if (seq === null) return null;
      const place = seqs()?.indexOf(seq) ?? (seq <= scope.last() ? seq - 1 : -1);
      return place === -1 ? null : place;
    },
  };
}

export function matches(entry: HistoryEntry, words: string): boolean {
  const { actorId, event, state, error } = entry;
  return `${actorId} ${event} ${eventInWords(event)} ${stateInWords(state)} ${error?.message ?? ""}`
    .toLowerCase()
    .includes(words);
}
