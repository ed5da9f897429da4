import { expect, test } from "vitest";
import type { JobEvent } from "../../core/protocol.ts";
import { eventLines, passingLines } from "./event-lines.ts";
import { plain } from "./paint.ts";
import { STEERS } from "./terminal.testkit.ts";

const jobId = "job-1";
const lines = (event: JobEvent, tookMs?: number) => eventLines(event, { tookMs, now: 1000 }, plain);

const finished = {
  type: "subtask.finished",
  jobId,
  id: "parser",
  title: "Write the parser",
  status: "done",
  commit: "abc",
  stat: { files: 1, insertions: 2, deletions: 3 },
  error: null,
} as const;

test("a plan is told in its order, with what waits for what", () => {
  const subtasks = [
    { id: "a", title: "First", dependsOn: [] },
    { id: "b", title: "Second", dependsOn: ["a"] },
  ];
  expect(lines({ type: "plan.ready", jobId, summary: "Two steps.", subtasks })).toEqual([
    "plan, 2 subtasks: Two steps.",
    "  a  First",
    "  b  Second  (after a)",
  ]);
});

test("a subtask ends with its changes and its time, or with why not and what to do", () => {
  expect(lines(finished, 65_000)).toEqual(["✓ parser: Write the parser  1 file, +2 −3, 1m 05s"]);
  expect(lines(finished)).toEqual(["✓ parser: Write the parser  1 file, +2 −3"]);
  const error = { message: "it broke", hint: "mend it" };
  expect(lines({ ...finished, status: "failed", commit: null, stat: null, error })).toEqual([
    "✗ parser: Write the parser",
    "  it broke",
    "  mend it",
  ]);
  expect(lines({ ...finished, status: "blocked", commit: null, stat: null })).toEqual([
    "– parser: Write the parser  (blocked: what it depends on has failed)",
  ]);
});

test("a job that waits says how it is let go on", () => {
  expect(lines({ type: "job.waiting", jobId, for: "approval" }).join("\n")).toMatch(
    /orch approve job-1\n.*orch reject job-1 --feedback/,
  );
});

test("troubles are told when they happen: a retry, a conflict, a failing check", () => {
  const error = { message: "too many requests" };
  expect(lines({ type: "retry", jobId, id: "parser", error, at: 6000 })).toEqual([
    "↻ parser: too many requests; tried again in 5.0s",
  ]);
  expect(lines({ type: "merge.conflict", jobId, id: null, subtaskId: "b", files: ["x.txt"] })).toEqual([
    "! b conflicts in the result (x.txt): an agent resolves it",
  ]);
  expect(lines({ type: "verify.failed", jobId, command: "npm test", exitCode: 1 })).toEqual([
    '! verify: "npm test" exited with 1',
  ]);
});

test("what passes by is told in plain output only", () => {
  const started: JobEvent = { type: "subtask.started", jobId, id: "parser", title: "Write the parser" };
  expect(lines(started)).toEqual([]);
  expect(passingLines(started, plain)).toEqual(["▸ parser: Write the parser"]);
  expect(passingLines({ type: "job.phase", jobId, phase: "merging" }, plain)).toEqual(["merging"]);
});

test("nothing that a model or a repository wrote can steer the terminal or add a line", () => {
  const evil = "a\u001b[2J\u001b]0;title\u0007\rb\n\u202ec\u009b31m";
  const error = { message: evil, hint: evil };
  const events: JobEvent[] = [
    { type: "job.started", jobId, task: evil, repository: evil, baseCommit: "abc", resultBranch: "r" },
    { type: "job.resumed", jobId, task: evil, repository: evil },
    { type: "plan.ready", jobId, summary: evil, subtasks: [{ id: evil, title: evil, dependsOn: [evil] }] },
    { ...finished, id: evil, title: evil },
    { ...finished, id: evil, title: evil, status: "failed", error },
    { type: "retry", jobId, id: evil, error, at: 0 },
    { type: "merge.conflict", jobId, id: evil, subtaskId: evil, files: [evil] },
    { type: "verify.failed", jobId, command: evil, exitCode: null },
    { type: "subtask.started", jobId, id: evil, title: evil },
  ];
  for (const event of events) {
    const told = [...lines(event), ...passingLines(event, plain)];
    expect(told.length, event.type).toBeGreaterThan(0);
    for (const line of told) expect(line).not.toMatch(STEERS);
    expect(told.join("")).not.toContain("\n");
  }
});
