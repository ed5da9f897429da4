import { execFile } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { fingerprint } from "../../../test/support/fingerprint.ts";
import { tempRepository } from "../../../test/support/temp-repository.ts";
import { atEveryDeath } from "./crash.testkit.ts";
import { TestJob } from "./job.testkit.ts";

test("a worktree is on its branch at the start commit, and clean", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n", "src/b.txt": "b\n" } });
  const before = fingerprint(job.temp.root);
  const worktree = await job.prepare("api");
  expect(job.read("api", "src/b.txt")).toBe("b\n");
  expect(job.status("api")).toBe("");
  expect(job.temp.git(["branch", "--show-current"], worktree.path).trim()).toBe("orch/job-1/api");
  expect(worktree.path).toBe(join(job.temp.root, ".codex/jobs/job-1/worktrees/api"));
  expect(fingerprint(job.temp.root)).toEqual(before);
});

test("a second try has a worktree of its own", async () => {
  using job = await TestJob.begin();
  await job.prepare("api");
  expect(await job.prepare("api--2")).toMatchObject({ branch: "orch/job-1/api--2" });
  expect(job.status("api--2")).toBe("");
});

test("sixty worktrees can be asked for at once", async () => {
  using job = await TestJob.begin();
  const names = Array.from({ length: 60 }, (_, index) => `part-${index}`);
  await Promise.all(names.map((name) => job.prepare(name)));
  const listed = job.git("worktree", "list", "--porcelain").split("\n");
  for (const name of names) {
    expect(listed).toContain(`worktree ${job.worktree(name).path}`);
    expect(listed).toContain(`branch refs/heads/orch/job-1/${name}`);
    expect(job.read(name, "README.md")).toBe("# A project\n");
  }
  expect(job.status("part-59")).toBe("");
});

test("several orchestrators add worktrees to one repository at the same time", async () => {
  using temp = tempRepository();
  const program = join(import.meta.dirname, "add-worktrees.fixture.ts");
  const run = promisify(execFile);
  const runs = ["one", "two", "three"].map((id) => run(process.execPath, [program, temp.root, id, "8"]));
  // All of them end before the test does, also when one fails.
  expect((await Promise.allSettled(runs)).filter(({ status }) => status === "rejected")).toEqual([]);
  expect(temp.git(["worktree", "list"]).trim().split("\n")).toHaveLength(25);
  expect(temp.git(["status", "--porcelain"])).toBe("");
});

describe("wherever the orchestrator dies while it makes a worktree", () => {
  test("the next attempt makes the same one", async () => {
    using job = await TestJob.begin({ files: { "a.txt": "a\n", ".gitignore": ".env\n" } });
    job.temp.write({ ".env": "SECRET=1\n" });
    const prepare = () => job.prepare("api", undefined, [".env"], job.context(7));
    const deaths = await atEveryDeath(job.temp.folder, prepare, () => {
      expect(job.status("api")).toBe("");
      expect(job.read("api", "a.txt")).toBe("a\n");
      expect(job.read("api", ".env")).toBe("SECRET=1\n");
      expect(job.git("rev-parse", "orch/job-1/api")).toBe(job.repository.baseCommit);
      expect(job.git("worktree", "list").split("\n")).toHaveLength(2);
      expect(job.git("for-each-ref", "refs/orch")).toBe("");
    });
    expect(deaths).toBeGreaterThan(2);
  });

  test("a worktree that git was killed in the middle of adding is made anew", async () => {
    using job = await TestJob.begin();
    const { path } = job.worktree("api");
    const admin = join(job.repository.gitDir, "worktrees", "api");
    mkdirSync(admin, { recursive: true });
    writeFileSync(join(admin, "locked"), "initializing\n");
    writeFileSync(join(admin, "gitdir"), `${path}/.git\n`);
    writeFileSync(join(admin, "HEAD.lock"), "");
    mkdirSync(path);
    writeFileSync(join(path, ".git"), `gitdir: ${admin}\n`);
    await job.prepare("api");
    expect(job.status("api")).toBe("");
    expect(existsSync(join(admin, "locked"))).toBe(false);
  });

  test("one that git left half-made, of this job or of a dead one, does not keep others from being made", async () => {
    using job = await TestJob.begin();
    const paths = [job.worktree("other").path, join(job.paths.job, "../dead-job/worktrees/x")];
    for (const [index, path] of paths.entries()) {
      const admin = join(job.repository.gitDir, "worktrees", `half-${index}`);
      mkdirSync(admin, { recursive: true });
      writeFileSync(join(admin, "locked"), "initializing\n");
      writeFileSync(join(admin, "gitdir"), `${path}/.git\n`);
      writeFileSync(join(admin, "HEAD"), "ref: refs/heads/none\n");
      writeFileSync(join(admin, "commondir"), "");
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, ".git"), `gitdir: ${admin}\n`);
      utimesSync(admin, 0, 0);
    }
    await job.prepare("api");
    await job.prepare("other");
    expect(job.status("api") + job.status("other")).toBe("");
    expect(job.git("worktree", "list").split("\n")).toHaveLength(3);
  });

  test("a file that was copied in part is copied again", async () => {
    using job = await TestJob.begin({ files: { ".gitignore": ".env\n" } });
    job.temp.write({ ".env": "SECRET=whole\n" });
    await job.prepare("api", undefined, [".env"]);
    writeFileSync(join(job.worktree("api").path, ".env"), "SECRET=wh");
    rmSync(join(job.paths.git, "orch", "index", "api"));
    await job.prepare("api", undefined, [".env"]);
    expect(job.read("api", ".env")).toBe("SECRET=whole\n");
  });

  test("the lock of a ref that a killed git left is no obstacle", async () => {
    using job = await TestJob.begin();
    mkdirSync(join(job.repository.gitDir, "refs/heads/orch/job-1"), { recursive: true });
    writeFileSync(join(job.repository.gitDir, "refs/heads/orch/job-1/api.lock"), "");
    await job.prepare("api");
    expect(job.status("api")).toBe("");
  });
});

describe("making a worktree that is there already", () => {
  test("brings it back to the start commit, and keeps what was in it", async () => {
    using job = await TestJob.begin();
    const { commit } = await job.subtask("api", { "api.txt": "done\n" });
    writeFileSync(join(job.worktree("api").path, "more.txt"), "not committed\n");
    const context = job.context();
    await job.prepare("api", undefined, [], context);
    expect(job.status("api")).toBe("");
    expect(readdirSync(job.worktree("api").path).sort()).toEqual([".git", "README.md"]);
    const kept = `refs/orch/job-1/api/${context.effectId.replaceAll(":", "-")}-before`;
    expect(job.git("rev-parse", `${kept}^`)).toBe(commit);
    expect(job.files(kept)).toEqual(["README.md: # A project", "api.txt: done", "more.txt: not committed"]);
  });

  test("makes it anew if a person removed its folder", async () => {
    using job = await TestJob.begin();
    const { path } = await job.prepare("api");
    rmSync(path, { recursive: true });
    await job.prepare("api");
    expect(job.status("api")).toBe("");
  });
});

describe("nothing of the user's is overwritten:", () => {
  test("a branch that somebody else moved", async () => {
    using job = await TestJob.begin();
    const other = job.temp.commit({ "x.txt": "x\n" });
    job.git("branch", "orch/job-1/api", other);
    await expect(job.prepare("api")).rejects.toMatchObject({ code: "branch-moved", hint: expect.any(String) });
    expect(job.git("rev-parse", "orch/job-1/api")).toBe(other);
  });

  test("a branch that is checked out elsewhere", async () => {
    using job = await TestJob.begin();
    job.git("switch", "-q", "-c", "orch/job-1/api");
    await expect(job.prepare("api")).rejects.toMatchObject({ code: "branch-checked-out" });
  });

  test("a folder in the worktree's place", async () => {
    using job = await TestJob.begin();
    const { path } = job.worktree("api");
    mkdirSync(path);
    writeFileSync(join(path, "mine.txt"), "mine\n");
    await expect(job.prepare("api")).rejects.toMatchObject({ code: "worktree-in-the-way" });
    expect(readFileSync(join(path, "mine.txt"), "utf8")).toBe("mine\n");
  });

  test("a worktree that was switched to another branch", async () => {
    using job = await TestJob.begin();
    const { path } = await job.prepare("api");
    job.temp.git(["switch", "-q", "-c", "mine"], path);
    await expect(job.prepare("api")).rejects.toMatchObject({ code: "worktree-changed" });
  });
});

describe("files that are copied from the checkout", () => {
  test("are there, and never become part of the work, whatever .gitignore says", async () => {
    using job = await TestJob.begin();
    job.temp.write({ ".env": "SECRET=1\n", "config/local.json": "{}\n" });
    const { path } = await job.prepare("api", undefined, [".env", "./config//local.json", "absent.txt"]);
    expect(job.read("api", "config/local.json")).toBe("{}\n");
    writeFileSync(join(path, ".gitignore"), "!.env\n!config\n");
    writeFileSync(join(path, ".env"), "SECRET=2\n");
    const { tree } = await job.check("api");
    expect(job.files(tree)).toEqual([".gitignore: !.env\n!config", "README.md: # A project"]);
  });

  test("are left out, too, when .gitignore names them, or their folder became a repository", async () => {
    using job = await TestJob.begin({ files: { ".gitignore": ".env\n" } });
    job.temp.write({ ".env": "SECRET=1\n", "config/.secret": "SECRET=2\n" });
    const { path } = await job.prepare("api", undefined, [".env", "config/.secret"]);
    writeFileSync(join(path, "a.txt"), "a\n");
    job.temp.git(["init", "-q"], join(path, "config"));
    const { tree, problems } = await job.check("api");
    expect(problems).toEqual([expect.stringContaining('"config" became a git repository')]);
    expect(job.files(tree)).toEqual([".gitignore: .env", "a.txt: a"]);
  });

  test("are not put over a file that git tracks", async () => {
    using job = await TestJob.begin({ files: { ".env": "committed\n" } });
    job.temp.write({ ".env": "changed\n" });
    await job.prepare("api", undefined, [".env"]);
    expect(job.read("api", ".env")).toBe("committed\n");
    writeFileSync(join(job.worktree("api").path, ".env"), "by the agent\n");
    expect((await job.check("api")).stat).toMatchObject({ files: 1 });
  });

  test.each(["../outside.txt", "/etc/hostname", ".git/config", "a/../../outside.txt", "sub/.GIT/x"])(
    "cannot be %j",
    async (path) => {
      using job = await TestJob.begin();
      await expect(job.prepare("api", undefined, [path])).rejects.toMatchObject({ code: "copy-refused" });
      expect(existsSync(job.worktree("api").path)).toBe(false);
    },
  );

  test("are never read through a link, nor written through one", async () => {
    using job = await TestJob.begin();
    const outside = join(job.temp.folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "secret"), "secret\n");
    symlinkSync(outside, join(job.temp.root, "link"));
    symlinkSync(join(outside, "secret"), join(job.temp.root, ".env"));
    await expect(job.prepare("one", undefined, ["link/secret"])).rejects.toMatchObject({ code: "copy-refused" });
    await expect(job.prepare("two", undefined, [".env"])).rejects.toMatchObject({ code: "copy-refused" });

    using hostile = await TestJob.begin();
    symlinkSync("../../../../../../outside", join(hostile.temp.root, "config"));
    const base = hostile.temp.commit({});
    rmSync(join(hostile.temp.root, "config"));
    hostile.temp.write({ "config/.env": "SECRET\n" });
    mkdirSync(join(hostile.temp.folder, "outside"));
    await expect(hostile.prepare("api", base, ["config/.env"])).rejects.toMatchObject({ code: "copy-refused" });
    expect(readdirSync(join(hostile.temp.folder, "outside"))).toEqual([]);
    expect(lstatSync(join(hostile.worktree("api").path, "config")).isSymbolicLink()).toBe(true);
  });
});

test("a name, a branch or a commit that is none of the job's is refused", async () => {
  using job = await TestJob.begin();
  const { repository } = job;
  const { prepareWorktree } = await import("./prepare-worktree.ts");
  const good = { repository, name: "api", branch: "orch/job-1/api", startCommit: repository.baseCommit, copy: [] };
  for (const bad of [
    { name: "../api" },
    { branch: "trunk" },
    { branch: "--detach" },
    { startCommit: "--all" },
    { startCommit: "HEAD" },
  ]) {
    await expect(prepareWorktree({ ...good, ...bad }, job.context())).rejects.toMatchObject({ code: "bad-git-input" });
  }
});
