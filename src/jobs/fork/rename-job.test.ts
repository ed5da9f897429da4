import { expect, test } from "vitest";
import { renameJob } from "./rename-job.ts";

const rename = renameJob({ repositoryRoot: "/work/a repo+(1)", from: "demo", to: "twin" });
const folder = "/work/a repo+(1)/.codex/jobs";

test("promise 9: a job's id, branches and folder are renamed where they stand, and nothing else is", () => {
  expect(
    rename({
      jobId: "demo",
      subtask: { id: "demo", title: "result-demo", dependsOn: ["demo"] },
      worktree: { name: "demo", path: `${folder}/demo/worktrees/demo`, branch: "orch/demo/demo" },
      resultBranch: "result-demo",
      other: { jobId: "demo-2", branch: "orch/demo-2/x", path: `${folder}/demo-2/worktrees/x` },
      list: [`${folder}/demo`, `${folder}/demo.bak`, 1, null, true],
      message: `see ${folder}/demo/orchestrator.log: demo`,
    }),
  ).toEqual({
    jobId: "twin",
    subtask: { id: "demo", title: "result-demo", dependsOn: ["demo"] },
    worktree: { name: "demo", path: `${folder}/twin/worktrees/demo`, branch: "orch/twin/demo" },
    resultBranch: "result-twin",
    other: { jobId: "demo-2", branch: "orch/demo-2/x", path: `${folder}/demo-2/worktrees/x` },
    list: [`${folder}/twin`, `${folder}/demo.bak`, 1, null, true],
    message: `see ${folder}/twin/orchestrator.log: demo`,
  });
});

test("promise 9: a thread stays with the job that it is of", () => {
  expect(rename({ output: { threadId: "0198-aa", message: "done" } })).toEqual({
    output: { threadId: null, message: "done" },
  });
});
