/** Says how large the whole result is, against the commit that the job started from. */

import type { ActivityContext } from "../../core/activity.ts";
import type { DescribeResultInput, DiffStat } from "../../core/coding.ts";
import { openJobRepository } from "./job-repository.ts";
import { diffStat } from "./tree-diff.ts";

export async function describeResult(input: DescribeResultInput, context: ActivityContext): Promise<DiffStat> {
  const job = openJobRepository(input.repository, context);
  return diffStat(job.trees, input.repository.baseCommit, input.head);
}
