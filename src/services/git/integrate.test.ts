import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fingerprint } from "../../../test/support/fingerprint.ts";
import type { Conflict } from "../../core/coding.ts";
import { atEveryDeath } from "./crash.testkit.ts";
import { TestJob } from "./job.testkit.ts";

const LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

test("work that does not touch comes together in the order given, each merge a commit", async () => {
  using job = await TestJob.begin({ files: { "a.txt": LINES } });
  const before = fingerprint(job.temp.root);
  const base = job.repository.baseCommit;
  const parts = [
    await job.subtask("first", { "a.txt": LINES.replace("one", "ONE") }),
    await job.subtask("second", { "a.txt": LINES.replace("seven", "SEVEN"), "new.txt": "n\n" }),
    await job.subtask("third", { "b.txt": "b\n" }),
  ];
  await job.prepare("result");
  const { head, merged, conflict } = await job.integrate("result", base, parts);
  expect({ merged, conflict }).toEqual({ merged: ["first", "second", "third"], conflict: null });
  expect(job.git("log", "--first-parent", "--format=%s", head).split("\n")).toEqual([
    "Merge subtask third: Do third",
    "Merge subtask second: Do second",
    "Do first",
    "Begin",
  ]);
  expect(job.git("log", "-1", "--format=%(trailers)", head)).toBe(
    "Orch-Job: job-1\nOrch-Subtask: third\nOrch-Effect: job-1:12:0",
  );
  expect(job.files(head)).toEqual([
    `a.txt: ${LINES.replace("one", "ONE").replace("seven", "SEVEN").trim()}`,
    "b.txt: b",
    "new.txt: n",
  ]);
  expect(job.status("result")).toBe("");
  expect(job.git("rev-parse", "result-job-1")).toBe(head);
  expect(fingerprint(job.temp.root)).toEqual(before);
});

test("work that stands on other work brings it along, and nothing comes in twice", async () => {
  using job = await TestJob.begin();
  const api = job.part("api", { "api.txt": "a\n" });
  const tests = job.part("tests", { "tests.txt": "t\n" }, api.commit);
  await job.prepare("result");
  const first = await job.integrate("result", job.repository.baseCommit, [tests, api]);
  expect(first).toEqual({ head: tests.commit, merged: ["tests", "api"], conflict: null });
  expect(await job.integrate("result", first.head, [api, tests])).toEqual({ ...first, merged: ["api", "tests"] });
});

describe("a conflict", () => {
  async function conflicting(): Promise<{ job: TestJob; conflict: Conflict; head: string }> {
    const job = await TestJob.begin({ files: { "a.txt": LINES, "b.txt": "b\n" } });
    const parts = [
      job.part("left", { "a.txt": LINES.replace("two", "left two") }),
      job.part("middle", { "b.txt": "middle\n" }),
      job.part("right", { "a.txt": LINES.replace("two", "right two"), "c.txt": "c\n" }),
      job.part("after", { "d.txt": "d\n" }),
    ];
    await job.prepare("result");
    const { head, merged, conflict } = await job.integrate("result", job.repository.baseCommit, parts);
    expect(merged).toEqual(["left", "middle"]);
    expect(conflict).not.toBeNull();
    return { job, head, conflict: conflict as Conflict };
  }

  test("stops the merging there, and is laid out in the worktree for an agent", async () => {
    const { job, head, conflict } = await conflicting();
    using _ = job;
    expect(conflict).toMatchObject({
      subtaskId: "right",
      commit: job.git("rev-parse", "orch/job-1/right"),
      files: ["a.txt"],
      descriptions: ["CONFLICT (content): Merge conflict in a.txt"],
    });
    expect(job.read("result", "a.txt").replace(/-0-g[0-9a-f]+|\|{7} .*/g, "")).toBe(
      LINES.replace("two\n", "<<<<<<< result\nleft two\n\ntwo\n=======\nright two\n>>>>>>> right\n"),
    );
    expect(job.read("result", "c.txt")).toBe("c\n");
    expect(job.git("rev-parse", "result-job-1")).toBe(head);
    expect(job.git("for-each-ref", "--format=%(tree)", "refs/orch/job-1/result")).toBe(conflict.tree);
  });

  test("keeps what else was in the worktree", async () => {
    const { job, head, conflict } = await conflicting();
    using _ = job;
    writeFileSync(join(job.worktree("result").path, "a.txt"), "by a person\n");
    const right = { subtaskId: "right", commit: conflict.commit };
    const again = await job.integrate("result", head, [right], job.context(40));
    expect(again.conflict).toEqual(conflict);
    expect(job.files("refs/orch/job-1/result/job-1-40-0-before")).toContain("a.txt: by a person");
    expect(job.read("result", "a.txt")).toContain("<<<<<<< ");
  });
});

test("conflicts that leave no markers are told, too", async () => {
  using job = await TestJob.begin({
    files: {
      "deleted.txt": LINES,
      "moved.txt": LINES + LINES,
      "image.bin": Buffer.from([0, 1]),
      "run.sh": "echo\n",
      place: "p\n",
    },
  });
  const left = job.part("left", {
    "deleted.txt": null,
    "moved.txt": null,
    "left.txt": LINES + LINES,
    "image.bin": Buffer.from([0, 2]),
    "both.txt": "left\n",
    "thing/x.txt": "a folder\n",
  });
  const right = job.part("right", {
    "deleted.txt": LINES.replace("two", "zwei"),
    "moved.txt": null,
    "right.txt": LINES + LINES,
    "image.bin": Buffer.from([0, 3]),
    "both.txt": "right\n",
    thing: "a file\n",
  });
  await job.prepare("result", left.commit);
  const { conflict } = await job.integrate("result", left.commit, [right]);
  const made = `thing~right-0-g${right.commit.slice(0, 20)}`;
  expect(conflict?.files).toEqual([
    "both.txt",
    "deleted.txt",
    "image.bin",
    "left.txt",
    "moved.txt",
    "right.txt",
    "thing",
    made,
  ]);
  expect(conflict?.descriptions).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^CONFLICT \(modify\/delete\): deleted.txt deleted in result and modified in right\./),
      expect.stringMatching(
        /^CONFLICT \(rename\/rename\): moved.txt renamed to left.txt in result and to right.txt in right\./,
      ),
      expect.stringMatching(
        /^CONFLICT \(file\/directory\): directory in the way of thing from right; moving it to thing~right-0-g/,
      ),
      "warning: Cannot merge binary files: image.bin (result vs. right)",
    ]),
  );
  expect(readdirSync(job.worktree("result").path)).toContain(made);
});

test("an agent's .gitattributes does not decide how work is merged; the base commit's does", async () => {
  using job = await TestJob.begin({
    files: {
      "CHANGELOG.md": "# Changes\n",
      "a.txt": "a\n",
      "docs/.gitattributes": "*.md merge=union\n",
      "docs/list.md": "list\n",
    },
  });
  const attributes = { ".gitattributes": "* merge=union\n" };
  const left = job.part("left", { ...attributes, "a.txt": "left\n", "docs/list.md": "list\nleft\n" });
  const right = job.part("right", { ...attributes, "a.txt": "right\n", "docs/list.md": "list\nright\n" });
  await job.prepare("result");
  const { conflict } = await job.integrate("result", job.repository.baseCommit, [left, right]);
  expect(conflict?.files).toEqual(["a.txt"]);
  expect(job.read("result", "docs/list.md")).toBe("list\nleft\nright\n");
});

test("a branch that somebody moved is not merged into", async () => {
  using job = await TestJob.begin();
  const api = job.part("api", { "api.txt": "a\n" });
  await job.prepare("result");
  const other = job.temp.commit({ "x.txt": "x\n" });
  job.git("update-ref", "refs/heads/result-job-1", other);
  const merging = job.integrate("result", job.repository.baseCommit, [api]);
  await expect(merging).rejects.toMatchObject({ code: "branch-moved", hint: expect.stringContaining("git branch -f") });
  expect(job.git("rev-parse", "result-job-1")).toBe(other);
});

test("wherever the orchestrator dies while it merges, the next attempt comes to the same commit and the same files", async () => {
  using job = await TestJob.begin({ files: { "a.txt": LINES } });
  const parts = [
    job.part("two", { "two.txt": "2\n", "a.txt": LINES.replace("two", "zwei") }),
    job.part("three", { "a.txt": LINES.replace("two", "deux") }),
  ];
  const { commit } = job.part("one", { "one.txt": "1\n" });
  await job.prepare("result", commit);
  const results = new Set<string>();
  const merge = () => job.integrate("result", commit, parts, job.context(30));
  const deaths = await atEveryDeath(job.temp.folder, merge, ({ head, conflict }) => {
    expect(job.git("rev-parse", "result-job-1")).toBe(head);
    expect(job.status("result")).toBe("M  a.txt\n");
    expect(job.read("result", "a.txt")).toContain("<<<<<<< result");
    results.add(`${head} ${conflict?.tree}`);
  });
  expect(deaths).toBeGreaterThan(5);
  expect(results.size).toBe(1);
});
