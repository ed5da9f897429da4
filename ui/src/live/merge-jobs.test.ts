import { expect, test } from "vitest";
import { jobItem } from "./history.fixture.ts";
import { mergeJobs } from "./merge-jobs.ts";

const held = [jobItem("c", { createdAt: 3 }), jobItem("a", { createdAt: 1 })];
const ids = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id);

test("a new job stands where its time puts it", () => {
  expect(ids(mergeJobs(held, [jobItem("d", { createdAt: 4 }), jobItem("b", { createdAt: 2 })], {}, true))).toEqual([
    "d",
    "c",
    "b",
    "a",
  ]);
});

test("a job that no longer matches the filter goes, one that does comes", () => {
  const news = [jobItem("c", { createdAt: 3, state: "done" }), jobItem("e", { createdAt: 5, state: "failed" })];
  expect(ids(mergeJobs(held, news, { state: "running,failed" }, true))).toEqual(["e", "a"]);
});

test("a job of a later page waits for that page", () => {
  expect(ids(mergeJobs(held, [jobItem("old", { createdAt: 0 })], {}, false))).toEqual(["c", "a"]);
});

test("text is looked for in task, repository, branch and id, without regard to case", () => {
  const jobs = [
    jobItem("x1", { task: "Frost" }),
    jobItem("x2", { task: "-", resultBranch: "result-FROST" }),
    jobItem("x3", { task: "-" }),
  ];
  expect(ids(mergeJobs([], jobs, { text: "frost" }, true)).sort()).toEqual(["x1", "x2"]);
});
