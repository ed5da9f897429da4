import { expect, test } from "vitest";
import { commandsMark, readMark, turnMark } from "./process-marks.ts";

test("a mark says whose process it is", () => {
  expect(readMark(turnMark("/home/ä b/repo/.codex/jobs/job-1/turns/job-1-7-0"))).toEqual({
    kind: "agent",
    repository: "/home/ä b/repo",
    jobId: "job-1",
    effect: "job-1-7-0",
    worktree: null,
  });
  expect(readMark(commandsMark("/repo/.codex/jobs/job-1/worktrees/part--2", "job-1:7:0"))).toEqual({
    kind: "command",
    repository: "/repo",
    jobId: "job-1",
    effect: "job-1:7:0",
    worktree: "part--2",
  });
});

test("a job in a repository that is itself a worktree of a job is not that job", () => {
  expect(readMark(turnMark("/r/.codex/jobs/outer/worktrees/part/.codex/jobs/inner/turns/inner-1-0"))).toMatchObject({
    repository: "/r/.codex/jobs/outer/worktrees/part",
    jobId: "inner",
  });
});

test.each([
  { name: "ORCH_TURN", value: "" },
  { name: "ORCH_TURN", value: "relative/.codex/jobs/a/turns/b" },
  { name: "ORCH_TURN", value: "/r/.codex/jobs/a/turns/b/c" },
  { name: "ORCH_TURN", value: "/r/.codex/jobs/a/worktrees/b#c" },
  { name: "ORCH_COMMANDS", value: "/r/.codex/jobs/a/worktrees/b" },
  { name: "OTHER", value: "/r/.codex/jobs/a/turns/b" },
])("what orch does not write says nothing: $name=$value", (mark) => {
  expect(readMark(mark)).toBeUndefined();
});
