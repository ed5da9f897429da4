/** Made-up histories and jobs for the tests of what the pages do with them. */

import type { HistoryEntry } from "../../../src/core/protocol/history.ts";
import type { JobHead, JobItem, SubtaskItem } from "../../../src/core/protocol/jobs.ts";

export const NO_USAGE = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningOutputTokens: 0 };

export function entry(seq: number, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return { seq, at: seq * 1000, actorId: "job", event: "tick", state: "working", effects: [], error: null, ...more };
}

export function jobItem(id: string, more: Partial<JobItem> = {}): JobItem {
  return {
    id,
    workflow: "coding-job",
    state: "running",
    phase: "working",
    runBy: null,
    task: "Add a frost alarm",
    repository: { id: "r", name: "greenhouse", path: "/greenhouse" },
    baseBranch: "main",
    resultBranch: null,
    progress: { total: 0, done: 0, running: 0, failed: 0, blocked: 0, skipped: 0 },
    usage: NO_USAGE,
    cost: null,
    createdAt: 0,
    updatedAt: 0,
    settledAt: null,
    seq: 1,
    error: null,
    ...more,
  };
}

export function jobHead(more: Partial<JobHead> = {}): JobHead {
  return {
    ...jobItem("a"),
    isCodingJob: true,
    output: null,
    baseCommit: "0".repeat(40),
    summary: "",
    asksApproval: false,
    waitsFor: [],
    actions: [],
    pending: [],
    forkedFrom: null,
    result: null,
    failure: null,
    line: null,
    ownUsage: NO_USAGE,
    ownCost: null,
    settings: { concurrency: 2, maxSubtasks: 9, plannerModel: "p", codexModel: null, setup: [], verify: [] },
    paths: { log: "/log", worktrees: "/worktrees" },
    ...more,
  };
}

export function subtaskItem(id: string, more: Partial<SubtaskItem> = {}): SubtaskItem {
  return {
    id,
    title: id,
    instructions: null,
    dependsOn: [],
    status: "pending",
    phase: null,
    actorId: null,
    tries: 0,
    startedAt: null,
    finishedAt: null,
    line: null,
    usage: NO_USAGE,
    cost: null,
    commit: null,
    stat: null,
    error: null,
    retry: null,
    ...more,
  };
}
