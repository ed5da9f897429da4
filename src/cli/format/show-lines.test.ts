import { expect, test } from "vitest";
import { doneJob, failedJob, jobView, subtaskView } from "./job-view.testkit.ts";
import { plain } from "./paint.ts";
import { showLines } from "./show-lines.ts";
import { STEERS } from "./terminal.testkit.ts";

const show = (job: typeof doneJob) => showLines(job, "/work/repo", plain).join("\n");

test("a job is shown with its task, its facts, its plan and what to do next", () => {
  const parser = subtaskView("b", { dependsOn: ["a"], instructions: "Write it.\nTest it.", status: "done" });
  const page = show({ ...doneJob, task: "Write\nthe parts", summary: "Two parts.", subtasks: [parser] });
  expect(page).toContain("job job-1  done\n\n  Write\n  the parts\n");
  expect(page).toMatch(/ {2}result +result-job-1 \(fedcba9876\)/);
  expect(page).toContain("plan: Two parts.");
  expect(page).toContain("  b  done  Part b\n      after a\n      Write it.\n      Test it.");
  expect(page).toMatch(/take it: +git merge result-job-1$/);
});

test("money is shown by the prices that are set; without them it says how to set some", () => {
  expect(show(doneJob)).toContain('cost         say what models cost with "prices" in orch.config.json\n');
  const cost = { amount: 0.42, currency: "USD", unpriced: [] };
  expect(show({ ...doneJob, cost })).toMatch(/cost +\$0\.42\n +tokens +1,500 in, 20 out/);
});

test("a failed subtask is shown with its error and what to do about it", () => {
  expect(show(failedJob)).toContain("  b  failed  Part b\n      it broke\n      mend it");
});

test("who runs it, what it is at, and what it was told and has not heard are in the first line", () => {
  expect(show(jobView())).toContain("job job-1  running (working; run by process 42 on here)");
  const told = jobView({ state: "interrupted", runBy: null, pending: [{ type: "job.retry", subtaskId: "b" }] });
  expect(show(told)).toContain("interrupted (working; told, and not taken yet: job.retry b)");
});

test("a subtask that was running when its orchestrator died is not shown as running", () => {
  const subtasks = [subtaskView("a", { status: "running", line: "$ npm test" })];
  expect(show(jobView({ subtasks }))).toContain("  a  running  Part a\n      $ npm test");
  expect(show(jobView({ state: "interrupted", runBy: null, subtasks }))).toContain("  a  interrupted  Part a");
});

test("what the planner wrote cannot steer the terminal", () => {
  const evil = "a\u001b[2J\u0007\u202eb";
  const subtasks = [subtaskView(evil, { title: evil, instructions: evil, line: evil, status: "running" })];
  const error = { message: evil, hint: evil };
  expect(show(jobView({ task: evil, summary: evil, error, subtasks }))).not.toMatch(STEERS);
});
