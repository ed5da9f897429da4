/** Where a job keeps its files in the target repository, and what its branches and refs are called. */

import { join } from "node:path";

export interface JobPaths {
  /** `.codex/jobs/<jobId>` */
  readonly job: string;
  readonly worktrees: string;
  readonly log: string;
  readonly plannerOutput: string;
  readonly commandLog: string;
  /** One folder for each Codex turn: its output, its prompt, its process. */
  readonly turns: string;
  /** The orchestrator's own bare git directory: no config, hook or attribute of the repository reaches it. */
  readonly git: string;
}

export function jobPaths(repositoryRoot: string, jobId: string): JobPaths {
  const job = join(repositoryRoot, ".codex", "jobs", jobId);
  return {
    job,
    worktrees: join(job, "worktrees"),
    log: join(job, "orchestrator.log"),
    plannerOutput: join(job, "planner-output.json"),
    commandLog: join(job, "run_repo_command.log"),
    turns: join(job, "turns"),
    git: join(job, "git"),
  };
}

export const resultBranch = (jobId: string): string => `result-${jobId}`;
export const subtaskBranch = (jobId: string, subtaskId: string): string => `orch/${jobId}/${subtaskId}`;
/** Where everything that an agent wrote is kept, whatever became of it. */
export const keepRef = (jobId: string, name: string): string => `refs/orch/${jobId}/${name}`;
