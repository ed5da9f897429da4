import { expect, test } from "vitest";
import { endLines } from "./end-lines.ts";
import { doneJob, failedJob, jobView } from "./job-view.testkit.ts";
import { plain } from "./paint.ts";

const end = (job: typeof doneJob) => endLines(job, { directory: "/work/repo", tookMs: 65_000 }, plain);

test("a job that is done says what came out, what it cost and how to take it", () => {
  expect(end({ ...doneJob, pushedTo: "origin" })).toEqual([
    "",
    "done: 2 subtasks, in 1m 05s",
    "  branch     result-job-1 (fedcba9876)",
    "  changes    3 files, +10 −2",
    "  pushed to  origin",
    "  tokens     1,500 in, 20 out",
    "",
    "  look at it:  git diff main...result-job-1",
    "  take it:     git merge result-job-1",
  ]);
});

test("a job that failed says why, where its log is and how to go on", () => {
  expect(end(failedJob)).toEqual([
    "",
    "failed after 1m 05s: 1 of 2 subtasks failed (b: it broke)",
    "  tokens  0 in, 0 out",
    "  log     /work/repo/log",
    "",
    "  try again:  orch retry job-1 && orch resume job-1",
    "  without b:  orch skip job-1 b && orch resume job-1",
  ]);
});

test("an error's own hint is said", () => {
  const error = { code: "verify-failed", message: "verify failed", hint: "try it by hand" };
  expect(end({ ...failedJob, error })).toContain("  try it by hand");
});

test("a result without a change says so", () => {
  const nothing = { files: 0, insertions: 0, deletions: 0 };
  expect(end({ ...doneJob, resultBranch: null, stat: nothing })).toContain("  branch   none: nothing was changed");
});

test("what was interrupted says how it goes on", () => {
  expect(end(jobView({ state: "interrupted", runBy: null }))).toEqual([
    "",
    "interrupted after 1m 05s; what is finished is kept",
    "  tokens  0 in, 0 out",
    "",
    "  go on:  orch resume job-1",
  ]);
});

test("what it cost stands before the tokens, if there are prices", () => {
  const lines = end({ ...doneJob, cost: { amount: 0.42, currency: "USD", unpriced: ["codex"] } });
  expect(lines).toContain('  cost     $0.42 and what codex used: "prices" has none for it');
});
