/** Where a page may start jobs: in the folders that the server was started for, and in those that have jobs. */

import { UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";
import type { RepositoryView } from "../core/protocol/jobs.ts";
import { repositoryView } from "../jobs/view/job-head.ts";
import type { Reads } from "../store/reads.ts";

const MOST = 100;

export function listRepositories(reads: Reads, own: readonly string[]): RepositoryView[] {
  return [...new Set([...own, ...reads.listLabels("repository", MOST)])].map(repositoryView);
}

/** @throws UsageError `repository-unknown` */
export function repositoryOf(reads: Reads, own: readonly string[], id: string): string {
  const found = listRepositories(reads, own).find((one) => one.id === id);
  if (found) return found.path;
  throw new UsageError(`"${printable(id)}" is no repository that this server knows`, {
    code: "repository-unknown",
    hint: 'start it there: "orch dashboard --repo <folder>"',
  });
}
