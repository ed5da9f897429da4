import { expect, test } from "vitest";
import { doneJob, failedJob, jobView } from "./job-view.testkit.ts";
import { nextSteps } from "./next-steps.ts";

const commands = (...params: Parameters<typeof nextSteps>) => nextSteps(...params).map(({ command }) => command);

test("a result is looked at and taken with git, there where the repository is", () => {
  expect(commands(doneJob, "/work/repo/src")).toEqual(["git diff main...result-job-1", "git merge result-job-1"]);
  expect(commands(doneJob, "/work")).toEqual([
    "git -C /work/repo diff main...result-job-1",
    "git -C /work/repo merge result-job-1",
  ]);
  expect(commands(doneJob, "/work/repository")[0]).toMatch(/^git -C/);
});

test("names that mean something to a shell are quoted", () => {
  const job = { ...doneJob, repository: "/my work/it's", baseBranch: "a;b" };
  expect(commands(job, "/")[0]).toBe(`git -C '/my work/it'\\''s' diff 'a;b'...result-job-1`);
});

test("from a detached HEAD the commit stands for the branch", () => {
  expect(commands({ ...doneJob, baseBranch: null }, "/work/repo")[0]).toBe("git diff 0123456789ab...result-job-1");
});

test("a job without a result has nothing to be taken", () => {
  expect(commands({ ...doneJob, resultBranch: null }, "/")).toEqual([]);
});

test("a failed job is tried again, or goes on without what failed", () => {
  expect(commands(failedJob, "/")).toEqual([
    "orch retry job-1 && orch resume job-1",
    "orch skip job-1 b && orch resume job-1",
  ]);
});

test("a job that waits is approved or rejected, and resumed if nobody runs it", () => {
  const waiting = jobView({ state: "waiting", phase: "awaitingApproval" });
  expect(commands(waiting, "/")[0]).toBe("orch approve job-1");
  expect(commands({ ...waiting, runBy: null }, "/")[0]).toBe("orch approve job-1 && orch resume job-1");
});

test("a job that was told something nobody heard yet is resumed", () => {
  expect(commands({ ...failedJob, pending: [{ type: "job.retry", subtaskId: null }] }, "/")).toEqual([
    "orch resume job-1",
  ]);
});

test("an interrupted job is resumed, a running one watched, a cancelled one let be", () => {
  expect(commands(jobView({ state: "interrupted", runBy: null }), "/")).toEqual(["orch resume job-1"]);
  expect(commands(jobView(), "/")).toEqual(["orch logs job-1 -f"]);
  expect(commands(jobView({ state: "cancelled", runBy: null }), "/")).toEqual([]);
});
