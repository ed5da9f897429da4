/** Refuses a partial clone in which files of the base commit are missing. */

import { OrchError } from "../../core/errors.ts";
import { checkedId, type JobRepository } from "./job-repository.ts";
import type { ConfigEntry } from "./user-config.ts";

export function isPartial(config: readonly ConfigEntry[]): boolean {
  return config.some(([key]) => key === "extensions.partialclone" || /^remote\..*\.promisor$/.test(key));
}

/** The orchestrator's git fetches nothing, so what a partial clone left on its remote is not there for it. */
export async function requireBaseObjects(job: JobRepository): Promise<void> {
  const tree = `${checkedId(job.repository.baseCommit)}^{tree}`;
  const listed = await job.trees.run(["rev-list", "--objects", "--missing=print", "--no-object-names", tree]);
  const missing = listed.split("\n").filter((line) => line.startsWith("?")).length;
  if (missing === 0) return;
  throw new OrchError(`this is a partial clone, and ${missing} objects of the base commit are not here`, {
    code: "objects-missing",
    hint: "check that commit out once (git switch), or fetch all of it: git fetch --refetch --no-filter",
  });
}
