/** What there is to say of a job that another program made with the engine: it need not have a repository or settings. */

import type { CodingJobInput } from "../core/coding.ts";
import { isPlainObject } from "../core/json.ts";
import type { JobRecord } from "../store/store.ts";

type Job = Pick<JobRecord, "id" | "workflow" | "input" | "labels">;

export function foreignInput({ id, workflow, input, labels }: Job): CodingJobInput {
  const task = isPlainObject(input) && typeof input.task === "string" ? input.task : labels.task;
  return {
    jobId: id,
    task: task ?? `(of the workflow ${workflow})`,
    repository: {
      root: labels.repository ?? "",
      gitDir: "",
      objectFormat: "sha1",
      baseCommit: "",
      baseBranch: null,
      author: { name: "", email: "" },
      push: null,
    },
    settings: {
      concurrency: 0,
      maxSubtasks: 0,
      approvePlan: false,
      plannerModel: "",
      codexModel: null,
      setup: [],
      verify: [],
      copy: [],
      maxFollowUps: 0,
      maxRepairs: 0,
      turnSilenceMs: 0,
      turnLimitMs: 0,
      commandLimitMs: 0,
    },
  };
}
