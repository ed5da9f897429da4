/** A job's history, read in pages: however long it is, little of it is held at once. */

import type { HistoryRecord, Store } from "../store/store.ts";

const PAGE = 1000;

/** Those behind the entry of that number, oldest first; what is added meanwhile comes too. */
export function* historyOf(store: Store, jobId: string, begin = 0): Generator<HistoryRecord, void, undefined> {
  let after = begin;
  for (;;) {
    const page = store.listHistory(jobId, { after, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.seq ?? after;
  }
}
