/** One log as the page holds it: fetched where it is looked at, and where it grows. */

import { type Accessor, batch, createSignal, onCleanup } from "solid-js";
import type { LogLine, TurnItem } from "../../../src/core/protocol/logs.ts";
import { getLogPage } from "../api/logs.ts";
import type { Live } from "../live/live.tsx";
import { BLOCK, LineCache } from "./line-cache.ts";

export type Entry = LogLine | TurnItem;

export interface OpenLog {
  /** Lines or items that there are; null until the first answer. */
  readonly total: Accessor<number | null>;
  /** Reactive: undefined until it is there. */
  readonly get: (n: number) => Entry | undefined;
  /** What is looked at now: `to` is behind the last. Only the latest wish counts. */
  readonly want: (from: number, to: number) => void;
  /** Characters of the longest line that was seen. */
  readonly columns: Accessor<number>;
  readonly error: Accessor<unknown>;
  readonly refresh: () => void;
}

/** Items carry whole outputs: fewer at a time. */
const MOST_ITEMS = 40;
/** A log that grows is asked for at most this often. */
const GROWN_MS = 150;

export function openLog(live: Live, job: string, log: { readonly id: string; readonly isItems: boolean }): OpenLog {
  const cache = new LineCache<Entry>();
  const [total, setTotal] = createSignal<number | null>(null);
  const [version, setVersion] = createSignal(0);
  const [columns, setColumns] = createSignal(80);
  const [error, setError] = createSignal<unknown>(null);
  const aborter = new AbortController();
  let wish = { from: 0, to: 0 };
  let isStale = false;
  let isAsking = false;

  const fetchPage = async (from: number, limit: number) => {
    const most = log.isItems ? Math.min(limit, MOST_ITEMS) : limit;
    const page = await getLogPage(job, log.id, { from, limit: most }, aborter.signal);
    const entries: readonly Entry[] = log.isItems ? page.items : page.lines;
    batch(() => {
      cache.put(entries, page.total);
      setTotal(page.total);
      setVersion(version() + 1);
      setColumns(entries.reduce((most, entry) => Math.max(most, "kind" in entry ? 0 : entry.text.length), columns()));
      setError(null);
    });
    return entries.length > 0;
  };

  const work = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      if (total() === null) await fetchPage(log.isItems ? -MOST_ITEMS : -BLOCK, BLOCK);
      for (;;) {
        if (isStale) {
          isStale = false;
          await fetchPage(staleFrom(cache), BLOCK);
        }
        const gap = cache.missing(wish.from, wish.to);
        if (!gap && isStale) continue;
        // What the server says is there but does not give is not asked for again and again.
        if (!gap || !(await fetchPage(gap.from, gap.limit))) break;
      }
    } catch (cause) {
      if (!aborter.signal.aborted) setError(cause);
    } finally {
      isAsking = false;
    }
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  live.listen((message) => {
    if (message.type !== "log-grown" || message.jobId !== job || message.log !== log.id) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      isStale = true;
      void work();
    }, GROWN_MS);
  });
  live.connection.watchLog(log.id);
  onCleanup(() => {
    clearTimeout(timer);
    aborter.abort();
    live.connection.watchLog(null);
  });
  void work();

  return {
    total,
    get(n) {
      version();
      return cache.get(n);
    },
    want(from, to) {
      wish = { from, to };
      if (total() !== null && cache.missing(from, to)) void work();
    },
    columns,
    error,
    refresh() {
      isStale = total() !== null;
      void work();
    },
  };
}

/** Where something may be new: the end, or a command before it that still ran. */
function staleFrom(cache: LineCache<Entry>): number {
  for (let n = Math.max(0, cache.total - MOST_ITEMS); n < cache.total; n += 1) {
    const entry = cache.get(n);
    if (entry && "kind" in entry && entry.kind === "command" && entry.isRunning) return n;
  }
  return cache.total;
}
