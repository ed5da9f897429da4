/** A search in a log, by the server; the hits come in portions and are counted as they come. */

import { type Accessor, batch, createEffect, createSignal, on, onCleanup } from "solid-js";
import { getLogPage } from "../api/logs.ts";
import { nextHit } from "./hits.ts";

export interface Search {
  readonly words: Accessor<string>;
  readonly setWords: (words: string) => void;
  /** Numbers of the lines or items, in order. */
  readonly hits: Accessor<readonly number[]>;
  /** Index of the hit that was gone to; -1 for none. */
  readonly current: Accessor<number>;
  readonly isRunning: Accessor<boolean>;
  /** More hits than that are not looked for. */
  readonly isCut: Accessor<boolean>;
  readonly error: Accessor<unknown>;
  readonly step: (step: 1 | -1) => void;
}

const MOST_HITS = 20_000;
const PORTION = 2000;
const TYPING_MS = 180;

/** @param here the line that the reader looks at; @param go shows a line */
export function createSearch(job: string, log: string, here: () => number, go: (line: number) => void): Search {
  const [words, setWords] = createSignal("");
  const [hits, setHits] = createSignal<readonly number[]>([]);
  const [current, setCurrent] = createSignal(-1);
  const [isRunning, setRunning] = createSignal(false);
  const [isCut, setCut] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  let aborter = new AbortController();
  onCleanup(() => aborter.abort());

  const goTo = (index: number) => {
    const line = hits()[index];
    if (line === undefined) return;
    setCurrent(index);
    go(line);
  };

  const run = async (search: string, signal: AbortSignal) => {
    const found: number[] = [];
    const start = here();
    try {
      for (let from: number | null = 0; from !== null && found.length < MOST_HITS; ) {
        const page = await getLogPage(job, log, { from, limit: PORTION, search }, signal);
        for (const { n } of [...page.lines, ...page.items]) found.push(n);
        from = page.next;
        batch(() => {
          setHits([...found]);
          setCut(from !== null && found.length >= MOST_HITS);
        });
        // The first hit from the reader's line on is shown as soon as it is known.
        if (current() === -1 && (found.at(-1) ?? -1) >= start) goTo(nextHit(found, start - 1, 1));
      }
      // None from there on: the nearest one before.
      if (current() === -1) goTo(nextHit(found, start, -1));
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    }
    if (!signal.aborted) setRunning(false);
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  createEffect(
    on(
      words,
      (search) => {
        clearTimeout(timer);
        aborter.abort();
        aborter = new AbortController();
        const { signal } = aborter;
        batch(() => {
          setHits([]);
          setCurrent(-1);
          setCut(false);
          setError(null);
          setRunning(search !== "");
        });
        if (search !== "") timer = setTimeout(() => void run(search, signal), TYPING_MS);
      },
      { defer: true },
    ),
  );

  return {
    words,
    setWords,
    hits,
    current,
    isRunning,
    isCut,
    error,
    step(step) {
      const from = hits()[current()] ?? here() - 1;
      goTo(nextHit(hits(), from, step));
    },
  };
}
