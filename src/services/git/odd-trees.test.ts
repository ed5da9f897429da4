/** What an agent can leave in its worktree that is no plain work: seen, named with its path, and not done until mended. */

import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRedactor } from "../../core/redact.ts";
import { letters } from "../../core/secrets.testkit.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { checkWork } from "./check-work.ts";
import { leavesTree } from "./inspect-tree.ts";
import { JOB, TestJob, writeFiles } from "./job.testkit.ts";
import { openJobRepository } from "./job-repository.ts";
import { snapshotFolder } from "./snapshot-folder.ts";

const pipe = (path: string) => execFileSync("mkfifo", [path]);

test("a pipe where git looks for patterns does not hang it: it is removed, and the agent is told", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n", "sub/b.txt": "b\n" } });
  const { path } = await job.prepare("api");
  writeFiles(path, { "a.txt": "changed\n" });
  const names = [".gitignore", ".gitattributes", "sub/.gitattributes", ".gitmodules"];
  for (const name of names) pipe(join(path, name));
  await expect(
    snapshotFolder(openJobRepository(job.repository, job.context()), path, job.repository.baseCommit),
  ).rejects.toMatchObject({ code: "unreadable-worktree" });
  const { problems, stat } = await job.check("api");
  expect([...problems].sort()).toEqual(
    [...names].sort().map((name) => expect.stringContaining(`"${name}" was a named pipe`)),
  );
  expect(stat.files).toBe(1);
  expect((await job.check("api")).problems).toEqual([]);
}, 60_000);

test("pipes, sockets and their kind are named until they are gone, but not where git ignores them", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n", ".gitignore": "tmp/\n" } });
  const { path } = await job.prepare("api");
  writeFiles(path, { "b.txt": "b\n" });
  mkdirSync(join(path, "tmp"));
  pipe(join(path, "tmp/ignored"));
  pipe(join(path, "new pipe"));
  rmSync(join(path, "a.txt"));
  pipe(join(path, "a.txt"));
  const server = createServer().listen(join(path, "s.sock"));
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { problems } = await job.check("api");
  for (const named of ['"new pipe" is a named pipe', '"a.txt" is a named pipe', '"s.sock" is a socket']) {
    expect(problems).toContainEqual(expect.stringContaining(named));
  }
  expect(problems.join()).not.toContain("ignored");
  for (const name of ["new pipe", "a.txt", "s.sock"]) rmSync(join(path, name));
  expect((await job.check("api")).problems).toEqual([]);
});

test("files over the limit are named and left out, one by one or together; what was large before may stay so", async () => {
  using job = await TestJob.begin({ files: { "old.bin": Buffer.alloc(5000, "o"), "a.txt": "a\n" } });
  const { path } = await job.prepare("api");
  const check = (fileBytes: number, totalBytes: number) =>
    checkWork(
      { repository: job.repository, worktree: job.worktree("api"), head: job.repository.baseCommit },
      job.context(),
      { fileBytes, totalBytes },
    );
  writeFiles(path, { "old.bin": Buffer.alloc(5001, "n"), "big.bin": Buffer.alloc(3000), "s/m.bin": Buffer.alloc(900) });
  const one = await check(1000, 100_000);
  expect(one.problems).toEqual([expect.stringMatching(/^"big\.bin" is .* MB large, more than/)]);
  expect(job.files(one.tree).map((line) => line.split(":")[0])).toEqual(["a.txt", "old.bin", "s/m.bin"]);
  const total = await check(10_000, 8000);
  expect(total.problems).toEqual([
    expect.stringMatching(/that changed are .* MB large together.*"old\.bin", "big\.bin"/),
  ]);
  expect(job.files(total.tree).some((line) => line.startsWith("big.bin"))).toBe(true);
  writeFiles(path, { "old.bin": Buffer.alloc(50_000) });
  expect((await check(1000, 100_000)).problems).toHaveLength(2);
  expect((await check(100_000, 100_000)).problems).toEqual([]);
});

test("a repository inside, a large file in it, and a submodule that was made there are named", async () => {
  using job = await TestJob.begin();
  const { path } = await job.prepare("api");
  mkdirSync(join(path, "lib/inner"), { recursive: true });
  job.temp.git(["init", "-q", join(path, "lib/inner")]);
  writeFiles(join(path, "lib/inner"), { "x.txt": "x\n", "big.bin": Buffer.alloc(11 * 1024 * 1024) });
  writeFiles(path, { ".gitmodules": '[submodule "x"]\n\tpath = lib/inner\n\turl = ../../evil\n' });
  const { problems, tree } = await job.check("api");
  expect(problems).toContainEqual(expect.stringContaining('"lib/inner" became a git repository of its own'));
  expect(problems).toContainEqual(expect.stringContaining('"lib/inner/big.bin" is 11 MB large'));
  expect(job.files(tree)).toContain("lib/inner/x.txt: x");
});

test("links that leave the tree are named with where they lead; a circle of links is only links", async () => {
  using job = await TestJob.begin({ files: { "sub/deep/a.txt": "a\n" } });
  const { path } = await job.prepare("api");
  const links: Record<string, string> = {
    absolute: "/etc/passwd",
    up: "../../../etc/passwd",
    "sub/up": "../../x",
    "sub/root": "..",
    "by-link": "sub/root/../outside",
    git: ".git/config",
    "sub/GIT": "../.GIT/config",
    one: "two",
    two: "one",
    self: "self",
    "sub/fine": "../sub/deep/a.txt",
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(path, name));
  const { problems } = await job.check("api");
  const named = ["absolute", "up", "sub/up", "by-link", "git", "sub/GIT"];
  expect(problems.map((problem) => /^"(.*?)"/.exec(problem)?.[1]).sort()).toEqual(named.sort());
});

test.each([
  ["a", "../x", true],
  ["a/b", "../x", false],
  ["a/b", "../../x", true],
  ["a/b", "x/../y", true],
  ["a/b", "..", false],
  ["a", ".", false],
  ["a", "./b/./c", false],
  ["a", "b//c", false],
  ["a", "//etc", true],
  ["a", "", false],
  ["a", "...", false],
])("a link at %s to %s leaves the tree: %s", (path, target, leaves) => {
  expect(leavesTree(path, target)).toBe(leaves);
});

test("names that are the git directory's on some system, and names that are no text, are refused by name", async () => {
  using job = await TestJob.begin();
  const { path } = await job.prepare("api");
  writeFiles(path, { "fine.txt": "x" });
  for (const name of [".GIT", "git~1", ".g\u200cit", ".Git "]) {
    writeFiles(path, { [`${name}/config`]: "[core]\n" });
    const { problems } = await job.check("api");
    expect([name, problems]).toEqual([name, [expect.stringContaining("invalid path")]]);
    rmSync(join(path, name), { recursive: true });
  }
  writeFileSync(Buffer.concat([Buffer.from(`${path}/latin-`), Buffer.from([0xe4, 0xf6])]), "x");
  mkdirSync(Buffer.concat([Buffer.from(`${path}/folder-`), Buffer.from([0xff])]));
  const { problems } = await job.check("api");
  expect(problems.filter((problem) => problem.includes("is not text in UTF-8"))).toHaveLength(2);
});

test("a path longer than the system takes is named, as what is in it would silently be missing", async () => {
  using job = await TestJob.begin();
  const { path } = await job.prepare("api");
  writeFiles(path, { "fine.txt": "x" });
  const name = "0".repeat(200);
  const script = `const fs = require("fs");
    for (let depth = 0; depth < 22; depth++) { fs.mkdirSync("${name}"); process.chdir("${name}"); }
    fs.writeFileSync("deepest", "x");`;
  execFileSync(process.execPath, ["-e", script], { cwd: path });
  onTestFinished(() => void execFileSync("sh", ["-c", 'rm -rf "$0"/0*', path]));
  const { problems } = await job.check("api");
  expect(problems).toContainEqual(expect.stringMatching(/^The folder "0{27}.*" cannot be read \(ENAMETOOLONG\)/));
  execFileSync("sh", ["-c", 'rm -rf "$0"/0*', path]);
  expect((await job.check("api")).problems).toEqual([]);
});

test("a folder that may not be read is named", async (context) => {
  // Root may read everything.
  if (process.getuid?.() === 0) context.skip();
  using job = await TestJob.begin();
  const { path } = await job.prepare("api");
  writeFiles(path, { "shut/x.txt": "x", "fine.txt": "x" });
  chmodSync(join(path, "shut"), 0);
  onTestFinished(() => chmodSync(join(path, "shut"), 0o700));
  expect((await job.check("api")).problems).toContainEqual(expect.stringContaining('The folder "shut" cannot be read'));
});

test("a file that is linked hard to one outside is never written through", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n" } });
  const outside = join(job.temp.folder, "outside.txt");
  writeFileSync(outside, "mine\n");
  const part = job.part("part", { "a.txt": "from a merge\n" });
  const { path } = await job.prepare("result");
  rmSync(join(path, "a.txt"));
  linkSync(outside, join(path, "a.txt"));
  await job.integrate("result", job.repository.baseCommit, [part]);
  expect(job.read("result", "a.txt")).toBe("from a merge\n");
  expect(readFileSync(outside, "utf8")).toBe("mine\n");
});

test("a name that holds a credential is refused without saying it", async () => {
  using job = await TestJob.begin();
  const { path } = await job.prepare("api");
  const key = `ghp_${letters(36)}`;
  writeFiles(path, { [`notes-${key}.txt`]: "x", "fine.txt": "x" });
  const context = fakeContext({ jobId: JOB, effectId: `${JOB}:99:0`, redact: createRedactor([]) });
  const { problems } = await job.check("api", job.repository.baseCommit, context);
  expect(problems).toEqual([expect.stringContaining('The name of "notes-[redacted].txt" holds')]);
  expect(existsSync(join(path, `notes-${key}.txt`))).toBe(true);
});

test("replaced objects, grafts and sparse rules of the repository change nothing of what is recorded", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n", "sub/b.txt": "b\n" } });
  const { gitDir, baseCommit } = job.repository;
  const other = job.temp.git(["commit-tree", `${baseCommit}^{tree}`, "-m", "other"]).trim();
  const evil = job.git("hash-object", "-w", "--stdin", "--path=x");
  job.temp.git(["replace", "-f", job.git("rev-parse", `${baseCommit}:a.txt`), evil]);
  writeFileSync(join(gitDir, "info/grafts"), `${baseCommit} ${other}\n`);
  job.temp.git(["config", "core.sparseCheckout", "true"]);
  writeFileSync(join(gitDir, "info/sparse-checkout"), "/a.txt\n");
  const { path } = await job.prepare("api");
  expect([job.read("api", "a.txt"), job.read("api", "sub/b.txt")]).toEqual(["a\n", "b\n"]);
  writeFiles(path, { "sub/b.txt": "changed\n" });
  const { problems, stat } = await job.check("api");
  expect({ problems, files: stat.files }).toEqual({ problems: [], files: 1 });
});
