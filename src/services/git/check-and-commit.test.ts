import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { atEveryDeath } from "./crash.testkit.ts";
import { TestJob, writeFiles } from "./job.testkit.ts";

describe("checked work", () => {
  test("is counted, and kept as a commit on top of where it began", async () => {
    using job = await TestJob.begin({ files: { "a.txt": "1\n2\n3\n", "old.txt": "x\ny\n", "gone.txt": "z\n" } });
    const { path } = await job.prepare("api");
    writeFiles(path, {
      "a.txt": "1\nzwei\n3\n",
      "gone.txt": null,
      "new file ä.txt": "n\n",
      "bin.dat": Buffer.from([0, 1, 2]),
    });
    renameSync(join(path, "old.txt"), join(path, "renamed.txt"));
    const context = job.context();
    const { snapshot, tree, stat, problems } = await job.check("api", undefined, context);
    expect(problems).toEqual([]);
    expect(stat).toEqual({ files: 5, insertions: 2, deletions: 2 });
    expect(job.files(tree)).toEqual(
      expect.arrayContaining(["a.txt: 1\nzwei\n3", "new file ä.txt: n", "renamed.txt: x\ny"]),
    );
    expect(job.git("rev-parse", `${snapshot}^`)).toBe(job.repository.baseCommit);
    expect(job.git("rev-parse", `refs/orch/job-1/api/${context.effectId.replaceAll(":", "-")}`)).toBe(snapshot);
  });

  test("is nothing when nothing was changed", async () => {
    using job = await TestJob.begin();
    await job.prepare("api");
    const { stat, problems } = await job.check("api");
    expect(stat.files).toBe(0);
    expect(problems).toEqual([expect.stringContaining("You changed nothing")]);
  });

  test("is the same when it is checked again, and a later state is kept beside it", async () => {
    using job = await TestJob.begin();
    const { path } = await job.prepare("api");
    writeFileSync(join(path, "a.txt"), "a\n");
    const first = await job.check("api", undefined, job.context(9));
    expect(await job.check("api", undefined, job.context(9))).toEqual(first);
    writeFileSync(join(path, "a.txt"), "b\n");
    const second = await job.check("api", undefined, job.context(9));
    expect(
      job.git("rev-parse", "refs/orch/job-1/api/job-1-9-0", "refs/orch/job-1/api/job-1-9-0-2").split("\n"),
    ).toEqual([first.snapshot, second.snapshot]);
  });

  test("may be an executable file, a link inside the tree, or a folder that became a file", async () => {
    using job = await TestJob.begin({ files: { "lib/a.txt": "a\n", "b.txt": "b\n" } });
    const { path } = await job.prepare("api");
    rmSync(join(path, "lib"), { recursive: true });
    writeFileSync(join(path, "lib"), "a file now\n");
    rmSync(join(path, "b.txt"));
    writeFiles(path, { "docs/run.sh": "#!/bin/sh\n" });
    chmodSync(join(path, "docs/run.sh"), 0o755);
    symlinkSync("../lib", join(path, "docs/link"));
    const { tree, problems } = await job.check("api");
    expect(problems).toEqual([]);
    expect(job.git("ls-tree", "-r", tree).replace(/ [0-9a-f]{40}/g, "")).toBe(
      ["120000 blob\tdocs/link", "100755 blob\tdocs/run.sh", "100644 blob\tlib"].join("\n"),
    );
  });
});

describe("what speaks against work, in words for the agent:", () => {
  test("a folder that became a repository; its files are kept all the same", async () => {
    using job = await TestJob.begin({ files: { "src/a.txt": "a\n" } });
    const { path } = await job.prepare("api");
    writeFiles(path, {
      "empty/a.txt": "in a repository without a commit\n",
      "full/sub/b.txt": "b\n",
      "src/new.txt": "n\n",
    });
    for (const folder of ["empty", "full", "full/sub", "src"]) job.temp.git(["init", "-q"], join(path, folder));
    job.temp.git(["add", "-A"], join(path, "full/sub"));
    job.temp.git(["commit", "-q", "-m", "An agent's own commit"], join(path, "full/sub"));
    const { tree, problems } = await job.check("api");
    expect(problems).toEqual([
      expect.stringMatching(/^"empty" became a git repository.*remove "empty\/\.git"/),
      expect.stringContaining('"full"'),
    ]);
    expect(job.files(tree)).toEqual([
      "empty/a.txt: in a repository without a commit",
      "full/sub/b.txt: b",
      "src/a.txt: a",
      "src/new.txt: n",
    ]);
  });

  test("conflict markers that were not there before", async () => {
    const markers = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n";
    using job = await TestJob.begin({ files: { "how-to-merge.md": markers, "a.txt": "a\n" } });
    const { path } = await job.prepare("api");
    writeFiles(path, { "a.txt": markers, "how-to-merge.md": `Read this:\n${markers}`, "b c.txt": `${markers}` });
    writeFileSync(join(path, "title.rst"), "Title\n=======\n");
    const { problems } = await job.check("api");
    expect(problems).toEqual([
      expect.stringMatching(/^"a.txt" still has conflict markers/),
      expect.stringContaining('"b c.txt"'),
    ]);
  });

  test("links out of the tree, or into git's own data", async () => {
    using job = await TestJob.begin();
    const { path } = await job.prepare("api");
    writeFiles(path, { "docs/a.txt": "a\n" });
    symlinkSync("/etc/passwd", join(path, "passwd"));
    symlinkSync("../../up", join(path, "docs/up"));
    symlinkSync("../README.md", join(path, "docs/fine"));
    symlinkSync(".git", join(path, "git"));
    const { problems } = await job.check("api");
    expect(problems).toEqual([
      expect.stringContaining('"docs/up" is a symbolic link to "../../up"'),
      expect.stringContaining('"git"'),
      expect.stringContaining('"passwd"'),
    ]);
  });

  test("a file that is too large; it is not taken into the repository", async () => {
    using job = await TestJob.begin({ files: { "data.bin": "small\n" } });
    const { path } = await job.prepare("api");
    writeFiles(path, { "dump.bin": "", "nested/x.bin": "", "fine.txt": "fine\n" });
    job.temp.git(["init", "-q"], join(path, "nested"));
    for (const file of ["dump.bin", "nested/x.bin", "data.bin"]) truncateSync(join(path, file), 11 * 1024 * 1024);
    const { tree, problems } = await job.check("api");
    expect(problems).toEqual([
      expect.stringContaining('"nested" became a git repository'),
      expect.stringMatching(/"data.bin" is 11 MB large, more than the 10 MB/),
      expect.stringContaining('"dump.bin" is 11 MB'),
      expect.stringContaining('"nested/x.bin" is 11 MB'),
    ]);
    expect(job.files(tree)).toEqual(["data.bin: small", "fine.txt: fine"]);
    expect(existsSync(join(path, "dump.bin"))).toBe(true);
  });
});

describe("submodules", () => {
  async function withSubmodule(): Promise<TestJob> {
    const job = await TestJob.begin({
      path: (temp) => {
        const library = join(temp.folder, "library");
        temp.git(["init", "-q", "-b", "main", library]);
        writeFileSync(join(library, "lib.txt"), "lib\n");
        temp.git(["add", "-A"], library);
        temp.git(["commit", "-q", "-m", "A library"], library);
        temp.git(["-c", "protocol.file.allow=always", "submodule", "add", "-q", library, "vendor/lib"]);
        temp.commit({});
        return temp.root;
      },
    });
    await job.prepare("api");
    return job;
  }

  test("are empty folders in a worktree, and stay what they are in its commits", async () => {
    using job = await withSubmodule();
    const { path } = job.worktree("api");
    expect(job.status("api")).toBe("");
    expect(existsSync(join(path, "vendor/lib/lib.txt"))).toBe(false);
    rmSync(join(path, "vendor"), { recursive: true });
    writeFileSync(join(path, "a.txt"), "a\n");
    const { tree, problems, stat } = await job.check("api");
    expect({ problems, files: stat.files }).toEqual({ problems: [], files: 1 });
    expect(job.git("ls-tree", "-r", tree, "vendor")).toBe(job.git("ls-tree", "-r", "HEAD", "vendor"));
    await job.commit("api", tree);
    expect(job.git("diff", "--name-only", "HEAD", "orch/job-1/api")).toBe("a.txt");
  });

  test("that a setup command filled are no change either", async () => {
    using job = await withSubmodule();
    const { path } = job.worktree("api");
    job.temp.git(["-c", "protocol.file.allow=always", "submodule", "update", "-q", "--init"], path);
    writeFileSync(join(path, "a.txt"), "a\n");
    const { problems, stat } = await job.check("api");
    expect({ problems, files: stat.files }).toEqual({ problems: [], files: 1 });
  });

  test("are no place for new files, and cannot become a file", async () => {
    using job = await withSubmodule();
    const { path } = job.worktree("api");
    writeFileSync(join(path, "vendor/lib/mine.txt"), "lost\n");
    expect((await job.check("api")).problems).toEqual([expect.stringMatching(/"vendor\/lib" is a submodule/)]);
    job.temp.git(["init", "-q"], join(path, "vendor/lib"));
    expect((await job.check("api")).problems).toEqual([expect.stringMatching(/"vendor\/lib" is a submodule/)]);
    rmSync(join(path, "vendor/lib"), { recursive: true });
    writeFileSync(join(path, "vendor/lib"), "a file\n");
    expect((await job.check("api")).problems).toEqual(
      expect.arrayContaining([expect.stringMatching(/"vendor\/lib" is a submodule/)]),
    );
  });
});

describe("committed work", () => {
  test("is one commit by the user, says whose work it is, and leaves the worktree clean", async () => {
    using job = await TestJob.begin();
    const { path } = await job.prepare("api--2");
    writeFileSync(join(path, "a.txt"), "a\n");
    const { tree } = await job.check("api--2");
    const { head } = await job.commit("api--2", tree, undefined, job.context(12));
    expect(job.status("api--2")).toBe("");
    expect(job.git("log", "-1", "--format=%an <%ae> %cn|%aI|%P|%B", head)).toBe(
      [
        `${job.repository.author.name} <${job.repository.author.email}> ${job.repository.author.name}|2030-01-01T00:00:00+00:00|${job.repository.baseCommit}|Do api--2`,
        "",
        "Orch-Job: job-1",
        "Orch-Subtask: api",
        "Orch-Effect: job-1:12:0",
      ].join("\n"),
    );
    expect(job.git("log", "-1", "--format=%(trailers:key=Orch-Effect,valueonly)", head)).toBe("job-1:12:0");
  });

  test("has a message whatever the words are", async () => {
    using job = await TestJob.begin();
    const { path } = await job.prepare("api");
    writeFileSync(join(path, "a.txt"), "a\n");
    const { tree } = await job.check("api");
    const { commitWork } = await import("./commit-work.ts");
    const input = { repository: job.repository, worktree: job.worktree("api"), head: job.repository.baseCommit, tree };
    const { head } = await commitWork(
      { ...input, title: "  \u001b[31m\nsecond", body: "with \0 and\u001b[2J\r\n# kept" },
      job.context(),
    );
    expect(job.git("log", "-1", "--format=%s%n%b", head).split("\n").slice(0, 3)).toEqual([
      "·[31m",
      "with  and[2J",
      "# kept",
    ]);
  });

  test("does not go on a branch that somebody moved", async () => {
    using job = await TestJob.begin();
    const { path } = await job.prepare("api");
    writeFileSync(join(path, "a.txt"), "a\n");
    const { tree } = await job.check("api");
    const other = job.temp.commit({ "x.txt": "x\n" });
    job.git("update-ref", "refs/heads/orch/job-1/api", other);
    await expect(job.commit("api", tree)).rejects.toMatchObject({ code: "branch-moved" });
    expect(job.git("rev-parse", "orch/job-1/api")).toBe(other);
  });

  test("says so when the worktree is gone", async () => {
    using job = await TestJob.begin();
    await job.prepare("api");
    rmSync(job.worktree("api").path, { recursive: true });
    await expect(job.check("api")).rejects.toMatchObject({ code: "worktree-missing", hint: expect.any(String) });
  });
});

test("wherever the orchestrator dies while it checks and commits, the next attempt makes the same commit", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n", "b.txt": "b\n" } });
  const { path } = await job.prepare("api");
  writeFiles(path, { "a.txt": "changed\n", "b.txt": null, "c.txt": "c\n" });
  const heads = new Set<string>();
  const work = async () => {
    const { tree } = await job.check("api", undefined, job.context(20));
    return job.commit("api", tree, undefined, job.context(21));
  };
  const deaths = await atEveryDeath(job.temp.folder, work, ({ head }) => {
    heads.add(head);
    expect(job.status("api")).toBe("");
    expect(job.git("for-each-ref", "--format=%(refname)", "refs/orch")).toBe("refs/orch/job-1/api/job-1-20-0");
  });
  expect(deaths).toBeGreaterThan(5);
  expect(heads.size).toBe(1);
});

test("what a killed git left locked in the worktree's own folder is no obstacle", async () => {
  using job = await TestJob.begin();
  const { path } = await job.prepare("api");
  const admin = readFileSync(join(path, ".git"), "utf8").slice("gitdir: ".length).trim();
  for (const lock of ["index.lock", "HEAD.lock"]) writeFileSync(join(admin, lock), "");
  mkdirSync(join(job.paths.git, "orch/index"), { recursive: true });
  writeFileSync(join(job.paths.git, "orch/index/api.lock"), "");
  writeFileSync(join(path, "a.txt"), "a\n");
  const { tree } = await job.check("api");
  await job.commit("api", tree);
  rmSync(join(admin, "index.lock"));
  expect(job.status("api")).toBe("");
});
