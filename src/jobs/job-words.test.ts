import { expect, test } from "vitest";
import { doneJob, failedJob, jobView, subtaskView } from "../cli/format/job-view.testkit.ts";
import { UsageError } from "../core/errors.ts";
import type { JobView } from "./job-view.ts";
import { approval, cancellation, rejection, retry, skipping } from "./job-words.ts";

const waiting = jobView({ state: "waiting", phase: "awaitingApproval", asksApproval: true });
const told = (job: JobView, type: string, subtaskId: string | null = null): JobView => ({
  ...job,
  pending: [{ type, subtaskId }],
});

function refusal(decide: () => unknown): UsageError {
  try {
    decide();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

test("a job that waits takes an approval or a rejection", () => {
  expect(approval(waiting).event).toEqual({ type: "plan.approve" });
  expect(rejection(waiting, "less").event).toEqual({ type: "plan.reject", feedback: "less" });
});

test("a plan can be approved before it is there, but not rejected", () => {
  const planning = jobView({ phase: "planning", asksApproval: true });
  expect(approval(planning)).toMatchObject({
    event: { type: "plan.approve" },
    said: expect.stringContaining("as soon"),
  });
  expect(refusal(() => rejection(planning, "less")).message).toContain("no plan yet");
});

test.each([
  ["does not ask for approval", jobView({ phase: "planning" })],
  ["is approved already", { ...waiting, state: "running", phase: "working" } as JobView],
  ["was approved already", told(waiting, "plan.approve")],
  ["was rejected already", told(waiting, "plan.reject")],
  ["is done already", { ...doneJob, asksApproval: true }],
])("no approval and no rejection for a job that %s", (why, job) => {
  expect(refusal(() => approval(job)).message).toContain(why);
  expect(refusal(() => rejection(job, "x")).message).toContain(why);
});

test("a job is cancelled wherever it stands, once, and not when it is over", () => {
  for (const job of [jobView(), waiting, failedJob, jobView({ state: "interrupted", runBy: null })]) {
    expect(cancellation(job).event).toEqual({ type: "job.cancel" });
  }
  expect(refusal(() => cancellation(told(jobView(), "job.cancel"))).message).toContain("already");
  const idle = told(jobView({ state: "interrupted", runBy: null }), "job.cancel");
  expect(cancellation(idle).event).toEqual({ type: "job.cancel" });
  expect(refusal(() => cancellation(doneJob)).message).toContain("is done already");
});

test("what failed is tried again, all of it or one subtask", () => {
  expect(retry(failedJob, undefined).event).toEqual({ type: "job.retry" });
  expect(retry(failedJob, "b").event).toEqual({ type: "job.retry", subtaskId: "b" });
  expect(skipping(failedJob, "b").event).toEqual({ type: "subtask.skip", subtaskId: "b" });
});

test("an unknown subtask is refused with those that there are", () => {
  expect(refusal(() => retry(failedJob, "nowhere"))).toMatchObject({ code: "subtask-unknown", hint: "it has a, b" });
  const job = { ...failedJob, subtasks: [subtaskView("parser", { status: "failed" })] };
  expect(refusal(() => skipping(job, "parsre")).hint).toBe("did you mean parser?");
});

test("only a subtask that failed is retried or skipped", () => {
  expect(refusal(() => retry(failedJob, "a"))).toMatchObject({
    message: expect.stringContaining("a is done"),
    hint: "failed: b",
  });
  expect(refusal(() => skipping(failedJob, "a")).hint).toBe("failed: b");
});

test("a job that has not failed has nothing to retry or skip", () => {
  for (const job of [jobView(), jobView({ state: "interrupted", runBy: null }), waiting, doneJob]) {
    expect(refusal(() => retry(job, undefined)).hint).toBeDefined();
    expect(refusal(() => skipping(job, "b")).hint).toBeDefined();
  }
});

test("the same word is taken once, another one beside it", () => {
  expect(refusal(() => retry(told(failedJob, "job.retry"), undefined)).message).toContain("already");
  expect(refusal(() => skipping(told(failedJob, "subtask.skip", "b"), "b")).message).toContain("already");
  const other = { ...failedJob, subtasks: [...failedJob.subtasks, subtaskView("c", { status: "failed" })] };
  expect(skipping(told(other, "subtask.skip", "b"), "c").event).toMatchObject({ subtaskId: "c" });
});
