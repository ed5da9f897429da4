import { expect, test } from "vitest";
import type { CleanedJob } from "../../jobs/clean-jobs.ts";
import { cleanedLines, summaryOf } from "./cleaned-lines.ts";
import { plain } from "./paint.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const job: CleanedJob = {
  jobId: "job-1",
  state: "done",
  things: [
    {
      kind: "worktree",
      name: "/r/.codex/jobs/job-1/worktrees/a",
      outcome: "removed",
      reason: "",
      commit: null,
      count: 1,
    },
    { kind: "branch", name: "orch/job-1/a", outcome: "removed", reason: "", commit, count: 1 },
    { kind: "branch", name: "orch/job-1/b", outcome: "kept", reason: "it is\u001b[31m checked out", commit, count: 1 },
    {
      kind: "snapshots",
      name: "refs/orch/job-1",
      outcome: "removed",
      reason: "the result holds",
      commit: null,
      count: 3,
    },
  ],
  ended: [7, 8],
  note: null,
  isKept: true,
  isForgotten: false,
};

test("each thing has a line, and nothing in it steers the terminal", () => {
  expect(cleanedLines(job, false, plain)).toEqual([
    "job job-1  done",
    "  ended 2 processes: 7, 8",
    "  removed  worktree /r/.codex/jobs/job-1/worktrees/a",
    "  removed  branch orch/job-1/a (0123456789ab)",
    "  kept  branch orch/job-1/b (0123456789ab): it is[31m checked out",
    "  removed  3 snapshots under refs/orch/job-1: the result holds",
    "  to remove what is kept, for good: orch clean job-1 --discard",
  ]);
});

test("a dry run says that it is one", () => {
  expect(cleanedLines(job, true, plain)[2]).toMatch(/^ {2}would remove {2}worktree/);
  expect(summaryOf([job], true)).toBe(
    "would remove 1 worktree, 1 branch, 3 snapshots; would end 2 processes; kept 1 branch",
  );
});

test("the summary counts what was done, over all jobs", () => {
  expect(summaryOf([job, job], false)).toBe(
    "removed 2 worktrees, 2 branches, 6 snapshots; ended 4 processes; kept 2 branches",
  );
  expect(summaryOf([], false)).toBe("nothing to remove");
  const nothing = { ...job, things: [], ended: [], isKept: false };
  expect(cleanedLines(nothing, false, plain)).toEqual(["job job-1  done", "  nothing is left of it"]);
});
