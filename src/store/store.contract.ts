/** The store's contract as one suite: every store passes it, or is none. */

import { describe, onTestFinished } from "vitest";
import { describeActivities } from "./contract/activities.contract.ts";
import { describeCommits } from "./contract/commits.contract.ts";
import { describeDurability } from "./contract/durability.contract.ts";
import { describeJobs } from "./contract/jobs.contract.ts";
import { describeLeases } from "./contract/leases.contract.ts";
import { describeNotes } from "./contract/notes.contract.ts";
import { describeRecords } from "./contract/records.contract.ts";
import { describeSignals } from "./contract/signals.contract.ts";
import { describeStops } from "./contract/stops.contract.ts";
import { describeTogether } from "./contract/together.contract.ts";
import { describeWholeJobs } from "./contract/whole-jobs.contract.ts";
import type { Store } from "./store.ts";

export interface OpenedStore {
  readonly store: Store;
  /** Opens the same data once more, beside the first or after it. Left out where the data ends with the store. */
  readonly reopen?: () => Promise<Store>;
  readonly cleanup?: () => void | Promise<void>;
}

/** A fresh, empty store for each test. It is closed and removed when the test ends. */
export type OpenStore = () => Promise<Pick<OpenedStore, "store" | "reopen">>;

/** @param isShared whether `open` gives a `reopen` */
export function describeStoreContract(name: string, open: () => Promise<OpenedStore>, isShared: boolean): void {
  const openForTest: OpenStore = async () => {
    const { store, reopen, cleanup } = await open();
    const opened = [store];
    onTestFinished(async () => {
      for (const one of opened) one.close();
      await cleanup?.();
    });
    if (!reopen) return { store };
    return {
      store,
      reopen: async () => {
        const another = await reopen();
        opened.push(another);
        return another;
      },
    };
  };
  describe(name, () => {
    describeJobs(openForTest);
    describeLeases(openForTest);
    describeCommits(openForTest);
    describeTogether(openForTest);
    describeStops(openForTest);
    describeActivities(openForTest);
    describeSignals(openForTest);
    describeRecords(openForTest);
    describeNotes(openForTest);
    describeWholeJobs(openForTest);
    if (isShared) describeDurability(openForTest);
  });
}
