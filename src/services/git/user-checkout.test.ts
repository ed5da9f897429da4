/** A whole job's git work on the kinds of checkouts that people have: it works, and the checkout stays as it was. */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fingerprint } from "../../../test/support/fingerprint.ts";
import type { TempRepository, TempRepositoryOptions } from "../../../test/support/temp-repository.ts";
import { describeResult } from "./describe-result.ts";
import { TestJob, writeFiles } from "./job.testkit.ts";
import { changedFiles, diffstat, showDiff } from "./show-diff.ts";

interface Kind extends TempRepositoryOptions {
  /** Makes the repository what it is to be, and returns the checkout's folder. */
  readonly path?: (temp: TempRepository) => string;
}

const files = { "README.md": "# Ein Projekt\n", "src/größe 1.txt": "1\n2\n3\n", "src/b.txt": "b\n" };

const KINDS: Record<string, Kind> = {
  "a plain one": {},
  "one with spaces and letters of other languages in its path, on a branch with a slash": {
    name: "mein Repo – über 2 %",
    branch: "feature/äöü",
  },
  "a dirty one, with a stash": {
    path: (temp) => {
      temp.write({ "README.md": "stashed\n" });
      temp.git(["stash", "-q"]);
      temp.write({ "src/b.txt": "staged\n", ".gitignore": "ignored.txt\n" });
      temp.git(["add", "src/b.txt"]);
      temp.write({ "src/b.txt": "not staged\n", "new file.txt": "new\n", "ignored.txt": "i\n" });
      temp.git(["rm", "-q", "--cached", "README.md"]);
      return temp.root;
    },
  },
  "one with a detached HEAD": {
    path: (temp) => {
      temp.git(["switch", "-q", "--detach"]);
      return temp.root;
    },
  },
  "a linked worktree": {
    path: (temp) => {
      const linked = join(temp.folder, "linked tree");
      temp.git(["worktree", "add", "-q", "-b", "side", linked]);
      return linked;
    },
  },
  "a worktree of a bare repository": {
    path: (temp) => {
      const bare = join(temp.folder, "bare.git");
      temp.git(["clone", "-q", "--bare", temp.root, bare]);
      const linked = join(temp.folder, "checkout");
      temp.git(["worktree", "add", "-q", linked, "trunk"], bare);
      return linked;
    },
  },
  "one with SHA-256": { objectFormat: "sha256" },
  "a shallow clone": {
    path: (temp) => {
      temp.commit({ "more.txt": "more\n" });
      const clone = join(temp.folder, "shallow");
      temp.git(["clone", "-q", "--depth", "1", `file://${temp.root}`, clone]);
      return clone;
    },
  },
  "a partial clone": {
    path: (temp) => {
      temp.commit({ "README.md": "# Neu\n" });
      temp.git(["config", "uploadpack.allowFilter", "true"]);
      const clone = join(temp.folder, "partial");
      temp.git(["clone", "-q", "--filter=blob:none", `file://${temp.root}`, clone]);
      return clone;
    },
  },
  "a clone that borrows its objects": {
    path: (temp) => {
      const clone = join(temp.folder, "borrowing");
      temp.git(["clone", "-q", "--shared", temp.root, clone]);
      return clone;
    },
  },
  "a sparse checkout": {
    path: (temp) => {
      temp.git(["sparse-checkout", "set", "docs"]);
      return temp.root;
    },
  },
  "one with worktree configuration, a split index and an untracked cache": {
    path: (temp) => {
      for (const key of ["extensions.worktreeConfig", "core.splitIndex", "core.untrackedCache"]) {
        temp.git(["config", key, "true"]);
      }
      temp.git(["update-index", "--split-index"]);
      return temp.root;
    },
  },
};

test.each(Object.entries(KINDS))("%s", async (_, kind) => {
  using job = await TestJob.begin({ files, path: (temp) => temp.root, ...kind });
  const { repository } = job;
  const before = fingerprint(repository.root);
  const base = repository.baseCommit;
  await job.prepare("result");
  expect(job.status("result")).toBe("");
  const one = await job.subtask("one", { "src/größe 1.txt": "1\n2\n3\nvier\n", "src/neu ä.txt": "neu\n" });
  const two = job.part("two", { "src/größe 1.txt": "eins\n2\n3\n", "src/b.txt": null });
  const { head, conflict } = await job.integrate("result", base, [one, two]);
  expect(conflict).toBeNull();
  expect(job.read("result", "src/größe 1.txt")).toBe("eins\n2\n3\nvier\n");
  expect(await describeResult({ repository, head }, job.context())).toEqual({ files: 3, insertions: 3, deletions: 2 });
  for (const name of ["result", "one"]) expect(job.status(name)).toBe("");
  expect(fingerprint(repository.root)).toEqual(before);
});

test("a partial clone that lacks files of the base commit is refused before anything is done", async () => {
  const begun = TestJob.begin({
    files,
    path: (temp) => {
      temp.git(["config", "uploadpack.allowFilter", "true"]);
      const clone = join(temp.folder, "partial");
      temp.git(["clone", "-q", "--no-checkout", "--filter=blob:none", `file://${temp.root}`, clone]);
      return clone;
    },
  });
  await expect(begun).rejects.toMatchObject({ code: "objects-missing", hint: expect.any(String) });
});

test("line endings are what the user's configuration says, in the worktree and in the commit", async () => {
  using job = await TestJob.begin({
    files: { "a.txt": "a\n" },
    path: (temp) => {
      temp.git(["config", "core.autocrlf", "true"]);
      return temp.root;
    },
  });
  const { path } = await job.prepare("api");
  expect(job.read("api", "a.txt")).toBe("a\r\n");
  writeFiles(path, { "a.txt": "a\r\nb\r\n" });
  const { tree } = await job.check("api");
  await job.commit("api", tree);
  expect(job.temp.git(["cat-file", "blob", `${tree}:a.txt`])).toBe("a\nb\n");
  expect(job.status("api")).toBe("");
});

test("what the user ignores everywhere, or in info/exclude, is no part of the work", async () => {
  using job = await TestJob.begin({
    path: (temp) => {
      temp.git(["config", "core.excludesFile", join(temp.folder, "my ignores")]);
      writeFileSync(join(temp.folder, "my ignores"), "*.swp\n");
      writeFileSync(join(temp.root, ".git/info/exclude"), "/scratch/");
      return temp.root;
    },
  });
  const { path } = await job.prepare("api");
  writeFiles(path, { "a.swp": "x", "scratch/x.txt": "x\n", ".codex/jobs/x/y": "y\n", "a.txt": "a\n" });
  expect(job.files((await job.check("api")).tree)).toEqual(["README.md: # A project", "a.txt: a"]);
  expect(readFileSync(join(job.temp.root, ".git/info/exclude"), "utf8")).toBe("/scratch/\n/.codex/jobs/\n");
});

test("what changed is shown as a diff and by file, also after a person removed the job's folder", async () => {
  using job = await TestJob.begin({ files: { "old name.txt": "1\n2\n3\n4\n", "b.bin": Buffer.from([0]) } });
  const { path } = await job.prepare("api");
  renameSync(join(path, "old name.txt"), join(path, "new name.txt"));
  writeFiles(path, { "b.bin": Buffer.from([0, 1]), "c.txt": "c\n" });
  const { tree } = await job.check("api");
  const request = { repository: job.repository, jobId: "job-1", from: job.repository.baseCommit, to: tree };
  const seen = async () => [await showDiff(request), await changedFiles(request), await diffstat(request)] as const;
  const [diff, changed, stat] = await seen();
  expect(diff).toContain("rename from old name.txt\nrename to new name.txt\n");
  expect(changed).toEqual([
    { path: "b.bin", insertions: null, deletions: null },
    { path: "c.txt", insertions: 1, deletions: 0 },
    { path: "new name.txt", insertions: 0, deletions: 0 },
  ]);
  expect(stat).toEqual({ files: 3, insertions: 1, deletions: 0 });
  renameSync(job.paths.job, join(job.temp.folder, "gone"));
  expect(await seen()).toEqual([diff, changed, stat]);
});
