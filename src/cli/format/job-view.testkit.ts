/** Jobs as the formatters are shown them. */

import { noUsage } from "../../core/usage.ts";
import type { JobView, SubtaskView } from "../../jobs/job-view.ts";

export function jobView(change: Partial<JobView> = {}): JobView {
  return {
    id: "job-1",
    workflow: "coding-job",
    own: null,
    state: "running",
    runBy: { host: "here", pid: 42 },
    task: "Write the parts",
    repository: "/work/repo",
    createdAt: 0,
    updatedAt: 0,
    phase: "working",
    asksApproval: false,
    pending: [],
    forkedFrom: null,
    dangerouslyWithoutSandbox: false,
    baseBranch: "main",
    baseCommit: "0123456789abcdef0123456789abcdef01234567",
    summary: "",
    subtasks: [],
    resultBranch: null,
    resultCommit: null,
    stat: null,
    pushedTo: null,
    usage: noUsage,
    cost: null,
    error: null,
    paths: { log: "/work/repo/log", worktrees: "/work/repo/worktrees" },
    ...change,
  };
}

export function subtaskView(id: string, change: Partial<SubtaskView> = {}): SubtaskView {
  return {
    id,
    title: `Part ${id}`,
    instructions: "",
    dependsOn: [],
    status: "pending",
    commit: null,
    stat: null,
    error: null,
    worktree: null,
    line: null,
    ...change,
  };
}

export const doneJob = jobView({
  state: "done",
  runBy: null,
  phase: "done",
  subtasks: [subtaskView("a", { status: "done" }), subtaskView("b", { status: "done" })],
  resultBranch: "result-job-1",
  resultCommit: "fedcba9876543210",
  stat: { files: 3, insertions: 10, deletions: 2 },
  usage: { ...noUsage, inputTokens: 1500, outputTokens: 20 },
});

export const failedJob = jobView({
  state: "failed",
  runBy: null,
  phase: "failed",
  error: { code: "subtasks-failed", message: "1 of 2 subtasks failed (b: it broke)", hint: "retry or skip" },
  subtasks: [
    subtaskView("a", { status: "done" }),
    subtaskView("b", { status: "failed", error: { message: "it broke", hint: "mend it" } }),
  ],
});
