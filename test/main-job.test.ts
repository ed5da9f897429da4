/** The main job on real parts: `orch run` plans, fans out, merges; what it leaves behind and what it says. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askedAgain } from "../src/scripted-model/records.ts";
import { planScript, TASK, writing } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

test("a task becomes a branch: planned, worked on side by side, merged at a conflict, verified", async () => {
  const script = planScript({
    before: [{ call: "run_repo_command", arguments: { command: ["git", "ls-files"] } }],
    subtasks: [
      { id: "parser" },
      { id: "printer" },
      { id: "tool", dependsOn: ["parser", "printer"], writes: { "tool.txt": "tool", "shared.txt": "first\ntool" } },
      { id: "docs", writes: { "docs.txt": "docs", "shared.txt": "first\ndocs" } },
    ],
    turns: [
      {
        name: "resolve",
        for: "codex",
        match: ["Resolve this conflict", "shared.txt"],
        steps: [{ run: writing({ "shared.txt": "first\ndocs\ntool" }) }, { say: "I kept both." }],
      },
    ],
  });
  await using shop = await Workshop.open({
    script,
    files: { "shared.txt": "first\n" },
    config: { verify: ["test -f tool.txt", "grep -q tool shared.txt"] },
  });

  const { code, events } = await shop.run("first-job").end;

  expect(code).toBe(0);
  expect(shop.resultFiles("first-job")).toEqual({
    "docs.txt": "docs",
    "parser.txt": "written for parser",
    "printer.txt": "written for printer",
    "shared.txt": "first\ndocs\ntool",
    "tool.txt": "tool",
  });
  expect(events[0]).toMatchObject({ type: "job.started", jobId: "first-job", task: TASK });
  expect(events).toContainEqual(expect.objectContaining({ type: "merge.conflict", files: ["shared.txt"] }));
  const order = events.flatMap((event) => (event.type === "subtask.started" ? [event.id] : []));
  expect(order.at(-1)).toBe("tool");
  const started = events.findIndex((event) => event.type === "subtask.started" && event.id === "tool");
  for (const id of ["parser", "printer"]) {
    const finished = events.findIndex((event) => event.type === "subtask.finished" && event.id === id);
    expect(finished).toBeGreaterThan(-1);
    expect(finished).toBeLessThan(started);
  }
  expect(events.at(-1)).toMatchObject({
    type: "job.finished",
    status: "done",
    resultBranch: "result-first-job",
    resultCommit: shop.git("rev-parse", "result-first-job"),
    stat: { files: 5 },
    pushedTo: null,
  });
  expect(askedAgain(shop.model.requests)).toEqual([]);

  const folder = join(shop.repository, ".codex", "jobs", "first-job");
  expect(JSON.parse(readFileSync(join(folder, "planner-output.json"), "utf8"))).toMatchObject({
    subtasks: [{ id: "parser" }, { id: "printer" }, { id: "tool" }, { id: "docs" }],
  });
  expect(readFileSync(join(folder, "run_repo_command.log"), "utf8")).toContain("git ls-files");
  const log = readFileSync(join(folder, "orchestrator.log"), "utf8");
  expect(log).toContain("job.finished");
  expect(log).not.toContain(shop.environment.OPENAI_API_KEY);
  for (const name of ["parser", "printer", "tool", "docs", "result"]) {
    expect(existsSync(join(folder, "worktrees", name))).toBe(true);
  }
  expect(shop.git("log", "-1", "--format=%an <%ae>", "result-first-job")).toBe("orch <orch@localhost>");
  // Every agent's turn is kept, whatever became of it.
  const kept = shop.git("for-each-ref", "--format=%(refname)", "refs/orch/first-job");
  for (const name of ["parser", "printer", "tool", "docs", "result"]) expect(kept).toContain(`/${name}/`);
});

test("the result is pushed only when asked, and only its branch", async () => {
  const script = planScript({ subtasks: [{ id: "part" }] });
  await using shop = await Workshop.open({
    script,
    prepare: ({ git, folder }) => {
      git(["init", "--quiet", "--bare", join(folder, "remote.git")], folder);
      git(["remote", "add", "origin", join(folder, "remote.git")]);
    },
  });
  const remote = () => shop.git("ls-remote", "origin");

  expect((await shop.run("kept-here").end).code).toBe(0);
  expect(remote()).toBe("");

  const { code, events } = await shop.run("sent-out", ["--push-result"]).end;
  expect(code).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: "job.finished", status: "done", pushedTo: "origin" });
  expect(remote()).toBe(`${shop.git("rev-parse", "result-sent-out")}\trefs/heads/result-sent-out`);
});

test("a plan waits for approval, is planned again when rejected, and is worked on when approved", async () => {
  const script = planScript({
    subtasks: [{ id: "better" }],
    turns: [
      {
        name: "plan-again",
        for: "planner",
        match: "one part is enough",
        steps: [
          {
            json: {
              summary: "Less.",
              subtasks: [{ id: "better", title: "Part better", instructions: "Write it.", dependsOn: [], files: [] }],
            },
          },
        ],
      },
    ],
  });
  await using shop = await Workshop.open({ script });
  const run = shop.run("asked", ["--approve-plan"]);
  await run.event(({ type }) => type === "job.waiting");

  const rejected = await shop.orch(["reject", "asked", "--feedback", "one part is enough"]).end;
  expect(rejected.code, rejected.stderr).toBe(0);
  const planned = (event: { type: string; summary?: string }) =>
    event.type === "plan.ready" && event.summary === "Less.";
  await run.event(planned);
  expect(run.events.some(({ type }) => type === "subtask.started")).toBe(false);

  // The wait outlives the process that waits.
  run.kill("SIGTERM");
  expect((await run.end).code).toBe(130);
  const approved = await shop.orch(["approve", "asked"]).end;
  expect(approved.code, approved.stderr).toBe(0);
  const resumed = await shop.resume("asked").end;
  expect(resumed.events.at(-1)).toMatchObject({ type: "job.finished", status: "done" });
  expect(askedAgain(shop.model.requests)).toEqual([]);
});

test("a failing verify command is repaired by an agent, a bounded number of times", async () => {
  const repair = (name: string, content: string) => ({
    name,
    for: "codex" as const,
    match: "A command that checks the work",
    steps: [{ run: writing({ "answer.txt": content }) }, { say: "I changed the answer." }],
  });
  const script = planScript({
    subtasks: [{ id: "answer", writes: { "answer.txt": "41" } }],
    turns: [repair("repair-wrongly", "40"), repair("repair-well", "42")],
  });
  await using shop = await Workshop.open({ script, config: { verify: ["grep -qx 42 answer.txt"], maxRepairs: 2 } });
  const { code, events } = await shop.run("mended").end;
  expect(code).toBe(0);
  expect(shop.resultFiles("mended")).toEqual({ "answer.txt": "42" });
  expect(events.filter(({ type }) => type === "verify.failed")).toHaveLength(2);
});

test("a verify command that no agent can satisfy fails the job, and the branch says so", async () => {
  const script = planScript({ subtasks: [{ id: "part" }] });
  await using shop = await Workshop.open({ script, config: { verify: ["echo it is broken; exit 3"], maxRepairs: 0 } });
  const { code, events } = await shop.run("broken").end;
  expect(code).toBe(1);
  expect(events.at(-1)).toMatchObject({
    type: "job.finished",
    status: "failed",
    error: { code: "verify-failed", message: expect.stringContaining("exited with 3") },
  });
});
