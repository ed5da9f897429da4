/** Opens the database to look at jobs. One that is not there is not made: then there are no jobs. */

import { existsSync } from "node:fs";
import { loadDatabasePath } from "../config/load-config.ts";
import { parseJobId } from "../core/ids.ts";
import { copiedSecrets } from "../jobs/job-secrets.ts";
import { findJob, inputOf, jobUnknown } from "../jobs/jobs.ts";
import type { JobRecord, Store } from "../store/store.ts";
import type { Session } from "./session.ts";

/** Calls `use` with the store, or returns `without` if there is no database yet. */
export async function withStore<T>(
  session: Session,
  use: (store: Store) => T | Promise<T>,
  without: () => T,
): Promise<T> {
  const path = loadDatabasePath(session.environment, session.directory);
  if (!existsSync(path)) return without();
  const { openSqliteStore } = await import("../store/sqlite/open.ts");
  const store = await openSqliteStore(path);
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

/**
 * Calls `use` with a job as the database has it.
 *
 * @throws UsageError `bad-job-id`, `job-unknown`
 */
export function withJob<T>(
  session: Session,
  jobId: string,
  use: (store: Store, job: JobRecord) => T | Promise<T>,
): Promise<T> {
  parseJobId(jobId);
  return withStore(
    session,
    (store) => {
      const job = findJob(store, jobId);
      session.keepSecret(...copiedSecrets(inputOf(job)));
      return use(store, job);
    },
    () => {
      throw jobUnknown(jobId);
    },
  );
}
