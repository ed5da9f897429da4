/** The stream's news in a filtered list of jobs: what matches comes or stays, what no longer matches goes. Pure. */

import type { JobItem } from "../../../src/core/protocol/jobs.ts";
import type { JobsFilter } from "../api/jobs.ts";

/**
 * @param held newest first, and so is what comes back
 * @param isWhole whether `held` goes to the end of the list: else jobs older than its last belong to a later page
 */
export function mergeJobs(
  held: readonly JobItem[],
  news: readonly JobItem[],
  filter: JobsFilter,
  isWhole: boolean,
): readonly JobItem[] {
  const changed = new Map(news.map((job) => [job.id, job]));
  const oldest = held.at(-1)?.createdAt;
  const known = new Set(held.map(({ id }) => id));
  const kept = held.map((job) => changed.get(job.id) ?? job).filter((job) => matches(job, filter));
  const added = news.filter(
    (job) => !known.has(job.id) && matches(job, filter) && (isWhole || oldest === undefined || job.createdAt >= oldest),
  );
  return added.length === 0 ? kept : [...added, ...kept].sort((a, b) => b.createdAt - a.createdAt);
}

export function matches(job: JobItem, { text, state, repository }: JobsFilter): boolean {
  if (state && !state.split(",").includes(job.state)) return false;
  if (repository && job.repository.id !== repository) return false;
  if (!text) return true;
  const wanted = text.toLowerCase();
  const places = [job.id, job.task, job.repository.name, job.repository.path, job.baseBranch, job.resultBranch];
  return places.some((place) => place?.toLowerCase().includes(wanted));
}
