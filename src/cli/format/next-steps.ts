/** What a person can do next with a job, as commands that they can copy. */

import { isAbsolute, relative } from "node:path";
import type { JobView } from "../../jobs/job-view.ts";
import { shellWord } from "./shell-word.ts";

export interface NextStep {
  readonly purpose: string;
  readonly command: string;
}

const MOST_WORDS = 5;

/** @param directory where the person is: git is told the repository's place if that is elsewhere */
export function nextSteps(job: JobView, directory: string): NextStep[] {
  const { id, state, runBy } = job;
  const resume = { purpose: "go on", command: `orch resume ${id}` };
  if (runBy === null && job.pending.length > 0) return [resume];
  switch (state) {
    case "running":
      return [{ purpose: "watch", command: `orch logs ${id} -f` }];
    case "interrupted":
    case "paused":
      return [resume];
    case "waiting": {
      if (job.own) return runBy === null ? [...tell(job), resume] : tell(job);
      const then = runBy === null ? ` && orch resume ${id}` : "";
      return [
        { purpose: "go on", command: `orch approve ${id}${then}` },
        { purpose: "plan anew", command: `orch reject ${id} --feedback "…"${then}` },
      ];
    }
    case "failed":
      return job.own ? tell(job) : failedSteps(job);
    case "done":
      return doneSteps(job, directory);
    case "cancelled":
      return [];
  }
}

/** The words that its machine knows somewhere: which of them it takes now, it knows. */
function tell({ id, own }: JobView): NextStep[] {
  const events = own?.events?.slice(0, MOST_WORDS) ?? ["<event>"];
  return events.map((event) => ({ purpose: "tell it", command: `orch signal ${id} ${shellWord(event)}` }));
}

function failedSteps({ id, subtasks }: JobView): NextStep[] {
  const skips = subtasks
    .filter(({ status }) => status === "failed")
    .map((subtask) => ({
      purpose: `without ${subtask.id}`,
      command: `orch skip ${id} ${subtask.id} && orch resume ${id}`,
    }));
  return [{ purpose: "try again", command: `orch retry ${id} && orch resume ${id}` }, ...skips];
}

function doneSteps({ resultBranch, baseBranch, baseCommit, repository }: JobView, directory: string): NextStep[] {
  if (resultBranch === null) return [];
  const git = isWithin(directory, repository) ? "git" : `git -C ${shellWord(repository)}`;
  const base = shellWord(baseBranch ?? baseCommit.slice(0, 12));
  return [
    { purpose: "look at it", command: `${git} diff ${base}...${resultBranch}` },
    { purpose: "take it", command: `${git} merge ${resultBranch}` },
  ];
}

function isWithin(directory: string, folder: string): boolean {
  const path = relative(folder, directory);
  return path === "" || !(path === ".." || path.startsWith("../") || isAbsolute(path));
}
