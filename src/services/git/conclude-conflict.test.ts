import { existsSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ConcludeConflictInput, ConcludeConflictOutput } from "../../core/coding.ts";
import { concludeConflict } from "./conclude-conflict.ts";
import { atEveryDeath } from "./crash.testkit.ts";
import { type Files, TestJob, writeFiles } from "./job.testkit.ts";

interface Scene extends Disposable {
  readonly job: TestJob;
  readonly path: string;
  readonly head: string;
  readonly incoming: string;
  conclude(effect?: number): Promise<ConcludeConflictOutput>;
}

/** The work of `left` is in the result; that of `right` conflicts with it. */
async function conflict(base: Files, left: Files, right: Files): Promise<Scene> {
  const job = await TestJob.begin({ files: base as Record<string, string | Buffer> });
  const parts = [job.part("left", left), job.part("right", right)];
  await job.prepare("result");
  const { head, conflict: found } = await job.integrate("result", job.repository.baseCommit, parts);
  if (!found) throw new Error("the scene has no conflict");
  const input: ConcludeConflictInput = {
    repository: job.repository,
    worktree: job.worktree("result"),
    head,
    conflict: found,
  };
  return {
    job,
    path: job.worktree("result").path,
    head,
    incoming: found.commit,
    conclude: (effect) => concludeConflict(input, job.context(effect)),
    [Symbol.dispose]: () => job[Symbol.dispose](),
  };
}

const base = {
  "list.txt": "one\ntwo\nthree\n",
  "other.txt": "1\n2\n3\n4\n5\n6\n",
  "gone.txt": "g\n",
  "theirs.txt": "t\n",
};
/** Both change `list.txt`; each changes files that do not conflict, too. */
const lists = () =>
  conflict(
    base,
    { "list.txt": "one\nleft two\nthree\n", "other.txt": "left\n2\n3\n4\n5\n6\n", "left.txt": "l\n" },
    {
      "list.txt": "one\nright two\nthree\n",
      "other.txt": "1\n2\n3\n4\n5\nright\n",
      "gone.txt": null,
      "theirs.txt": "right\n",
      "right.txt": "r\n",
    },
  );

test("a resolution with both sides becomes a merge commit, and the worktree is clean", async () => {
  using scene = await lists();
  const { job, path, head, incoming } = scene;
  writeFiles(path, { "list.txt": "one\nleft two\nright two\nthree\n" });
  const concluded = await scene.conclude(50);
  expect(concluded).toEqual({ head: job.git("rev-parse", "result-job-1"), problems: [] });
  expect(job.git("log", "-1", "--format=%P%n%B", "result-job-1")).toBe(
    [
      `${head} ${incoming}`,
      "Merge subtask right: Do right",
      "",
      "Conflicts, decided by an agent:",
      "- list.txt",
      "",
      "Orch-Job: job-1",
      "Orch-Subtask: right",
      "Orch-Effect: job-1:50:0",
    ].join("\n"),
  );
  expect(job.files("result-job-1")).toEqual([
    "left.txt: l",
    "list.txt: one\nleft two\nright two\nthree",
    "other.txt: left\n2\n3\n4\n5\nright",
    "right.txt: r",
    "theirs.txt: right",
  ]);
  expect(job.status("result")).toBe("");
  expect(job.git("rev-parse", "refs/orch/job-1/result/job-1-50-0^{tree}")).toBe(
    job.git("rev-parse", "result-job-1^{tree}"),
  );
});

describe("a resolution is not taken, and the agent is told why:", () => {
  async function problemsOf(change: (scene: Scene) => void): Promise<readonly string[]> {
    using scene = await lists();
    writeFiles(scene.path, { "list.txt": "one\nleft two\nright two\nthree\n" });
    change(scene);
    const { head, problems } = await scene.conclude(50);
    expect(head).toBeNull();
    expect(scene.job.git("rev-parse", "result-job-1")).toBe(scene.head);
    expect(scene.job.git("rev-parse", "refs/orch/job-1/result/job-1-50-0^1")).toBe(scene.head);
    return problems;
  }

  test("markers are left", async () => {
    const left = "one\n<<<<<<< result\nleft two\n=======\nright two\n>>>>>>> right\nthree\n";
    for (const text of [left, left.replace(/[<>]{7}.*\n/g, ""), `${left.replace(/\n/g, "\r\n")}`]) {
      expect(await problemsOf(({ path }) => writeFiles(path, { "list.txt": text }))).toEqual([
        expect.stringMatching(/^"list.txt" still has conflict markers/),
      ]);
    }
  });

  test("nothing was done", async () => {
    using scene = await lists();
    expect(await scene.conclude()).toMatchObject({
      head: null,
      problems: [expect.stringContaining("still has conflict markers")],
    });
    expect(scene.job.read("result", "list.txt")).toContain("<<<<<<< result");
  });

  test("a side of a file is dropped", async () => {
    expect(await problemsOf(({ path }) => writeFiles(path, { "list.txt": "one\nleft two\nthree\n" }))).toEqual([
      expect.stringMatching(/^Nothing of what subtask right wrote in "list.txt" is left/),
    ]);
    expect(await problemsOf(({ path }) => writeFiles(path, { "list.txt": "one\nright two\nthree\n" }))).toEqual([
      expect.stringMatching(/^Nothing of what was there before subtask right came in in "list.txt" is left/),
    ]);
    expect(await problemsOf(({ path }) => writeFiles(path, { "list.txt": null }))).toHaveLength(2);
  });

  test("a change that did not conflict is taken back, on either side", async () => {
    const problems = await problemsOf(({ path }) =>
      writeFiles(path, {
        "theirs.txt": "t\n",
        "gone.txt": "g\n",
        "right.txt": null,
        "left.txt": null,
        "other.txt": "1\n2\n3\n4\n5\nright\n",
      }),
    );
    expect(problems).toEqual([
      expect.stringMatching(/^"gone.txt" did not conflict, but you took back what subtask right changed/),
      expect.stringMatching(/^"right.txt" did not conflict, but you deleted it/),
      expect.stringMatching(/^"theirs.txt" did not conflict, but you took back what subtask right changed/),
      expect.stringMatching(/^"left.txt" did not conflict, but you deleted it/),
      expect.stringMatching(/^"other.txt" did not conflict, but you took back what an earlier subtask changed/),
    ]);
  });

  test("a folder became a repository, a link leaves the tree", async () => {
    const problems = await problemsOf(({ job, path }) => {
      writeFiles(path, { "lib/x.txt": "x\n" });
      job.temp.git(["init", "-q"], join(path, "lib"));
      symlinkSync("/etc/passwd", join(path, "passwd"));
    });
    expect(problems).toEqual([
      expect.stringContaining('"lib" became a git repository'),
      expect.stringContaining('"passwd"'),
    ]);
  });
});

test("the agent may touch other files where the resolution needs it", async () => {
  using scene = await lists();
  writeFiles(scene.path, {
    "list.txt": "one\nleft two\nthree\n",
    "list-more.txt": "right two\n",
    "right.txt": "r, adapted\n",
  });
  expect(await scene.conclude()).toMatchObject({ problems: [], head: expect.any(String) });
});

test("two values for one setting: the agent is asked once, and its answer stands and is told in the merge", async () => {
  using scene = await conflict(
    { "a.ini": "timeout = 10\n" },
    { "a.ini": "timeout = 20\n" },
    { "a.ini": "timeout = 30\n" },
  );
  writeFiles(scene.path, { "a.ini": "timeout = 30\n" });
  const first = await scene.conclude();
  expect(first).toEqual({ head: null, problems: [expect.stringContaining('in "a.ini" is left')] });
  expect(await scene.conclude()).toMatchObject({ head: expect.any(String), problems: [] });
  expect(scene.job.git("log", "-1", "--format=%b", "result-job-1")).toContain(
    "Left out on purpose (the agent was asked):\n- a.ini: what result wrote",
  );
});

describe("a conflict without markers:", () => {
  test("a file deleted on one side and changed on the other is kept, or let go after being asked", async () => {
    const make = () =>
      conflict({ "a.txt": "1\n2\n3\n", "b.txt": "b\n" }, { "a.txt": null }, { "a.txt": "1\nzwei\n3\n" });
    using kept = await make();
    expect(await kept.conclude()).toMatchObject({ problems: [] });
    expect(kept.job.files("result-job-1")).toContain("a.txt: 1\nzwei\n3");
    using gone = await make();
    rmSync(join(gone.path, "a.txt"));
    expect((await gone.conclude()).problems).toEqual([expect.stringContaining("subtask right wrote")]);
    expect(await gone.conclude()).toMatchObject({ problems: [] });
    expect(gone.job.files("result-job-1")).toEqual(["b.txt: b"]);
  });

  test("a name that the merge made up must go", async () => {
    using scene = await conflict({ "x.txt": "x\n" }, { "thing/a.txt": "a\n" }, { thing: "a file\n" });
    const made = `thing~right-0-g${scene.incoming.slice(0, 20)}`;
    expect((await scene.conclude()).problems).toEqual([expect.stringContaining("a name that the merge made up")]);
    renameSync(join(scene.path, made), join(scene.path, "thing/file.txt"));
    expect(await scene.conclude()).toMatchObject({ problems: [] });
    expect(scene.job.files("result-job-1")).toEqual(["thing/a.txt: a", "thing/file.txt: a file", "x.txt: x"]);
  });

  test("of a binary file one version is taken", async () => {
    using scene = await conflict(
      { "a.bin": Buffer.from([0, 1]) },
      { "a.bin": Buffer.from([0, 2]) },
      { "a.bin": Buffer.from([0, 3]) },
    );
    writeFiles(scene.path, { "a.bin": Buffer.from([0, 3]) });
    expect(await scene.conclude()).toMatchObject({ problems: [] });
  });
});

test("wherever the orchestrator dies while it takes a resolution, the next attempt makes the same commit", async () => {
  using scene = await lists();
  writeFiles(scene.path, { "list.txt": "one\nleft two\nright two\nthree\n" });
  const heads = new Set<string>();
  const deaths = await atEveryDeath(
    scene.job.temp.folder,
    () => scene.conclude(60),
    ({ head, problems }) => {
      expect(problems).toEqual([]);
      expect(scene.job.git("rev-parse", "result-job-1")).toBe(head);
      expect(scene.job.status("result")).toBe("");
      heads.add(head ?? "");
    },
  );
  expect(deaths).toBeGreaterThan(5);
  expect(heads.size).toBe(1);
  expect(existsSync(join(scene.path, ".git"))).toBe(true);
});
