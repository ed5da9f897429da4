import { expect, test } from "vitest";
import { jobHead } from "../../live/history.fixture.ts";
import { stepsOf } from "./steps.ts";

const span = (phase: string, from: number, to: number | null) => ({ phase, from, to, isNewTry: false });
const told = (...arguments_: Parameters<typeof stepsOf>) =>
  stepsOf(...arguments_).map(({ phase, state, took }) => `${phase} ${state}${took === null ? "" : ` ${took}`}`);

test("the steps before are done, the one that lasts is current, the rest is to do", () => {
  const spans = [span("preparing", 0, 1), span("planning", 1, 5), span("working", 5, null)];
  expect(told(jobHead({ phase: "working" }), spans, 25)).toEqual([
    "preparing done 1",
    "planning done 4",
    "working current 20",
    "merging todo",
    "done todo",
  ]);
});

test("a job that failed shows where, one that was cancelled where it stood", () => {
  const spans = [span("preparing", 0, 1), span("planning", 1, 5)];
  expect(told(jobHead({ phase: "failed" }), spans, 9).slice(0, 3)).toEqual([
    "preparing done 1",
    "planning failed 4",
    "working todo",
  ]);
  expect(told(jobHead({ phase: "cancelled" }), spans, 9)[1]).toBe("planning stopped 4");
});

test("approval, verification and the push are steps of the jobs that have them", () => {
  const job = jobHead({ phase: "done", asksApproval: true });
  const settings = { ...job.settings, verify: ["npm test"] };
  const spans = [span("verifying", 0, 4), span("describing", 4, 5), span("pushing", 5, 9)];
  expect(told({ ...job, settings }, spans, 9)).toEqual([
    "preparing done",
    "planning done",
    "awaitingApproval done",
    "working done",
    "merging done",
    "verifying done 5",
    "pushing done 4",
    "done done",
  ]);
});

test("a plan that was sent back shows how often the planner was asked", () => {
  const spans = [span("planning", 0, 4), span("awaitingApproval", 4, 6), span("planning", 6, null)];
  const steps = stepsOf(jobHead({ phase: "planning", asksApproval: true }), spans, 10);
  expect(steps.find(({ phase }) => phase === "planning")).toMatchObject({ times: 2, took: 8, state: "current" });
});
