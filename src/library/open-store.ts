/** Opens the database that jobs are kept in. */

import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";

/** An activity's process is followed while a commit waits: a busy database holds the event loop for no longer than this. */
const BUSY_TIMEOUT_MS = 250;

export type OpenStore = Store & Disposable;

/**
 * Opens a database file, making it if it is missing: one file holds any number of jobs, and several processes may share it.
 *
 * @param path of the file, or `:memory:` for jobs that need not outlive the process
 * @throws UsageError `database-unreadable`, `database-foreign`, `database-newer`
 * @throws OrchError `database-…`; the file is left as it was
 */
export async function openStore(path: string): Promise<OpenStore> {
  const store: Store = await openSqliteStore(path, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  return Object.assign(store, { [Symbol.dispose]: () => store.close() });
}
