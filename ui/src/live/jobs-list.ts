/** The list of jobs: pages of what the server finds for a filter, kept fresh by the stream. */

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import type { JobItem } from "../../../src/core/protocol/jobs.ts";
import { type JobsFilter, listJobs } from "../api/jobs.ts";
import type { Live } from "./live.tsx";
import { mergeJobs } from "./merge-jobs.ts";
import { createCell } from "./store.ts";

export interface JobsList {
  readonly jobs: () => readonly JobItem[];
  readonly isLoading: Accessor<boolean>;
  readonly hasMore: Accessor<boolean>;
  readonly error: Accessor<unknown>;
  readonly loadMore: () => void;
}

const PAGE = 100;

export function createJobsList(live: Live, filter: Accessor<JobsFilter>): JobsList {
  const cell = createCell<{ jobs: readonly JobItem[] }>({ jobs: [] });
  const [next, setNext] = createSignal<string | null>(null);
  const [isLoading, setLoading] = createSignal(true);
  const [error, setError] = createSignal<unknown>(null);
  let aborter = new AbortController();

  const load = async (cursor: string | undefined) => {
    aborter.abort();
    aborter = new AbortController();
    const { signal } = aborter;
    setLoading(true);
    try {
      const known = cursor === undefined ? [] : cell.plain().jobs;
      let page = await listJobs({ ...filter(), cursor, limit: PAGE }, signal);
      // A page may be short, even empty, and still have a next one.
      while (page.jobs.length === 0 && page.next !== null)
        page = await listJobs({ ...filter(), cursor: page.next, limit: PAGE }, signal);
      const ids = new Set(known.map(({ id }) => id));
      const found = [...known, ...page.jobs.filter(({ id }) => !ids.has(id))];
      setNext(page.next);
      cell.replace({ jobs: found });
      setError(null);
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    } finally {
      if (!signal.aborted) setLoading(false);
    }
  };

  createEffect(on(filter, () => void load(undefined)));
  live.connection.watchJobs(true);
  live.listen((message) => {
    if (message.type !== "jobs" && message.type !== "jobs-changed") return;
    cell.replace({ jobs: mergeJobs(cell.plain().jobs, message.jobs, filter(), next() === null) });
  });
  onCleanup(() => {
    aborter.abort();
    live.connection.watchJobs(false);
  });

  return {
    jobs: () => cell.value.jobs,
    isLoading,
    hasMore: () => next() !== null,
    error,
    loadMore() {
      const cursor = next();
      if (cursor !== null && !isLoading()) void load(cursor);
    },
  };
}
