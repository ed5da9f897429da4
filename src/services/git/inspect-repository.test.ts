import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fingerprint } from "../../../test/support/fingerprint.ts";
import { tempRepository } from "../../../test/support/temp-repository.ts";
import type { UsageError } from "../../core/errors.ts";
import { type InspectOptions, inspectRepository } from "./inspect-repository.ts";

beforeEach(() => {
  vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function refusal(options: InspectOptions): Promise<UsageError> {
  const error = await inspectRepository(options).then(
    () => new Error("it was accepted"),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "UsageError", hint: expect.stringMatching(/\S/) });
  return error as UsageError;
}

describe("what a job starts from", () => {
  test("is the commit that is checked out, whatever the branch is called", async () => {
    using repo = tempRepository({ branch: "schöner-stamm" });
    expect(await inspectRepository({ path: repo.root })).toEqual({
      root: repo.root,
      gitDir: join(repo.root, ".git"),
      objectFormat: "sha1",
      baseCommit: repo.git(["rev-parse", "HEAD"]).trim(),
      baseBranch: "schöner-stamm",
      author: { name: "orch", email: "orch@localhost" },
      push: null,
    });
  });

  test("is found from a folder inside the checkout, and nothing is changed by looking", async () => {
    using repo = tempRepository({ name: "ein Ordner mit Ümlauten", files: { "a/b/c.txt": "c\n" } });
    repo.write({ "a/b/c.txt": "changed\n", "new.txt": "new\n" });
    const before = fingerprint(repo.root);
    const found = await inspectRepository({ path: join(repo.root, "a", "b"), jobId: "job-1" });
    expect(found.root).toBe(repo.root);
    expect(fingerprint(repo.root)).toEqual(before);
    expect(readdirSync(repo.root).sort()).toEqual([".git", "a", "new.txt"]);
  });

  test("is a commit without a branch when HEAD is detached", async () => {
    using repo = tempRepository();
    repo.git(["switch", "-q", "--detach"]);
    expect(await inspectRepository({ path: repo.root })).toMatchObject({ baseBranch: null });
  });

  test("is another branch's commit when asked, also a remote's", async () => {
    using repo = tempRepository();
    const first = repo.git(["rev-parse", "HEAD"]).trim();
    repo.git(["branch", "release/1"]);
    const second = repo.commit({ "x.txt": "x\n" });
    repo.git(["update-ref", "refs/remotes/origin/next", second]);
    expect(await inspectRepository({ path: repo.root, baseBranch: "release/1" })).toMatchObject({ baseCommit: first });
    expect(await inspectRepository({ path: repo.root, baseBranch: "origin/next" })).toMatchObject({
      baseCommit: second,
      baseBranch: "origin/next",
    });
  });

  test("is read from a linked worktree, with the git directory of the main one", async () => {
    using repo = tempRepository();
    const linked = join(repo.folder, "linked one");
    repo.git(["worktree", "add", "-q", "-b", "side", linked]);
    expect(await inspectRepository({ path: linked })).toMatchObject({
      root: linked,
      gitDir: join(repo.root, ".git"),
      baseBranch: "side",
    });
  });

  test("can be a repository with SHA-256", async () => {
    using repo = tempRepository({ objectFormat: "sha256" });
    const found = await inspectRepository({ path: repo.root });
    expect(found).toMatchObject({ objectFormat: "sha256", baseCommit: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test("carries the user's own git identity", async () => {
    using repo = tempRepository();
    repo.git(["config", "user.name", "Ümit <the> User"]);
    repo.git(["config", "user.email", "u@localhost"]);
    expect((await inspectRepository({ path: repo.root })).author).toEqual({
      name: "Ümit the User",
      email: "u@localhost",
    });
  });
});

describe("is refused, with a next step and nothing made:", () => {
  test("a folder that is not there", async () => {
    expect(await refusal({ path: "/no/such/folder" })).toMatchObject({ code: "no-such-folder" });
  });

  test("a folder that is no repository", async () => {
    using repo = tempRepository();
    expect(await refusal({ path: repo.folder })).toMatchObject({ code: "not-a-repository" });
  });

  test("a bare repository, and the inside of a .git folder", async () => {
    using repo = tempRepository();
    repo.git(["clone", "-q", "--bare", repo.root, join(repo.folder, "bare.git")]);
    expect(await refusal({ path: join(repo.folder, "bare.git") })).toMatchObject({ code: "bare-repository" });
    expect(await refusal({ path: join(repo.root, ".git") })).toMatchObject({ code: "not-a-worktree" });
  });

  test("a repository without a commit, also when a branch is named", async () => {
    using repo = tempRepository({ files: null });
    expect(await refusal({ path: repo.root })).toMatchObject({ code: "repository-without-commit" });
    expect(await refusal({ path: repo.root, baseBranch: "trunk" })).toMatchObject({
      code: "repository-without-commit",
    });
  });

  test.each(["nowhere", "--all", "-b", "HEAD~0", "trunk^{tree}", "trunk:README.md", "a..b", "", "@{-1}"])(
    "the base branch %j",
    async (baseBranch) => {
      using repo = tempRepository();
      expect(await refusal({ path: repo.root, baseBranch })).toMatchObject({ code: "unknown-base-branch" });
    },
  );

  test("a job whose folder or branches are there already", async () => {
    using repo = tempRepository();
    repo.git(["branch", "result-one"]);
    expect(await refusal({ path: repo.root, jobId: "one" })).toMatchObject({ code: "branch-exists" });
    repo.git(["branch", "orch/two/api"]);
    expect(await refusal({ path: repo.root, jobId: "two" })).toMatchObject({ code: "branch-exists" });
    repo.git(["update-ref", "refs/orch/three/api/x", "HEAD"]);
    expect(await refusal({ path: repo.root, jobId: "three" })).toMatchObject({ code: "branch-exists" });
    mkdirSync(join(repo.root, ".codex/jobs/four"), { recursive: true });
    expect(await refusal({ path: repo.root, jobId: "four" })).toMatchObject({ code: "job-exists" });
    expect(await refusal({ path: repo.root, jobId: "Not Safe" })).toMatchObject({ code: "bad-job-id" });
    expect(await inspectRepository({ path: repo.root, jobId: "five" })).toMatchObject({ baseBranch: "trunk" });
  });

  test("a branch called orch, which leaves no room for the job's branches", async () => {
    using repo = tempRepository();
    repo.git(["branch", "orch"]);
    expect(await refusal({ path: repo.root, jobId: "one" })).toMatchObject({ code: "branch-exists" });
  });

  test("a repository whose .codex is a link to somewhere else", async () => {
    using repo = tempRepository();
    symlinkSync("/tmp", join(repo.root, ".codex"));
    expect(await refusal({ path: repo.root, jobId: "one" })).toMatchObject({ code: "job-folder-in-the-way" });
  });

  test("a push without a remote, or to one that is not there", async () => {
    using repo = tempRepository();
    expect(await refusal({ path: repo.root, pushRemote: true })).toMatchObject({ code: "no-remote" });
    repo.git(["remote", "add", "one", "../one.git"]);
    expect(await refusal({ path: repo.root, pushRemote: "two" })).toMatchObject({ code: "no-remote" });
    expect(await refusal({ path: repo.root, pushRemote: "--all" })).toMatchObject({ code: "no-remote" });
    repo.git(["remote", "add", "three", "../three.git"]);
    expect(await refusal({ path: repo.root, pushRemote: true })).toMatchObject({ code: "no-remote" });
  });
});

test("the address to push to is what git would push to now", async () => {
  using repo = tempRepository();
  repo.git(["remote", "add", "origin", "../origin.git"]);
  repo.git(["remote", "add", "fork", "../fork.git"]);
  repo.git(["remote", "set-url", "--push", "fork", "short:fork.git"]);
  repo.git(["config", "url./srv/.insteadOf", "short:"]);
  const push = async (pushRemote: string | true) => (await inspectRepository({ path: repo.root, pushRemote })).push;
  expect(await push(true)).toEqual({ remote: "origin", url: "../origin.git" });
  expect(await push("fork")).toEqual({ remote: "fork", url: "/srv/fork.git" });
  repo.git(["config", "branch.trunk.pushRemote", "fork"]);
  expect(await push(true)).toMatchObject({ remote: "fork" });
});
