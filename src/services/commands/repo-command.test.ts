/** `run_repo_command` on real git and real files: what comes back, and what never happens. */

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RepoCommandCall, runRepoCommand } from "./repo-command.ts";

let base: string;
let root: string;
let log: string;
let canary: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@example.org", ...args], {
    cwd: root,
    encoding: "utf8",
  });
const run = (call: RepoCommandCall, more = {}) => runRepoCommand(call, { root, log, ...more });
const words = (line: string, more: Partial<RepoCommandCall> = {}) => run({ command: line.split(" "), ...more });

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "orch-repo-command-"));
  root = join(base, "a repository");
  log = join(base, "run_repo_command.log");
  canary = join(base, "canary");
  mkdirSync(join(root, "src"), { recursive: true });
  writeFileSync(join(base, "secret"), "secret outside\n");
  writeFileSync(join(root, "README.md"), "# Hello\nGrüße\n");
  writeFileSync(join(root, "src/app.ts"), "export const answer = 42;\n");
  writeFileSync(join(root, "long.txt"), Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join(""));
  writeFileSync(join(root, "noise.txt"), "before\u001b[2J\u0000after\n");
  symlinkSync("../secret", join(root, "leak"));
  symlinkSync("..", join(root, "up"));
  symlinkSync("README.md", join(root, "inside"));
  symlinkSync(".git", join(root, "gitlink"));
  symlinkSync("circle", join(root, "circle"));
  writeFileSync(join(root, ".gitattributes"), "*.ts diff=evil filter=evil\n");
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-qm", "first");
  writeFileSync(join(root, "src/app.ts"), "export const answer = 43;\n");
  git("commit", "-qam", "second");
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

test("what an agent needs to know of a repository comes back", async () => {
  expect(await words("git log --format=%s")).toBe("exit code 0\nsecond\nfirst");
  expect(await words("git diff HEAD~1 -- src/app.ts")).toContain("+export const answer = 43;");
  expect(await words("git grep -n answer")).toBe("exit code 0\nsrc/app.ts:1:export const answer = 43;");
  expect(await words("git show HEAD~1:src/app.ts")).toContain("answer = 42");
  expect(await words("git blame -s src/app.ts")).toContain("answer = 43");
  expect(await words("git branch -a --contains")).toContain("main");
  expect(await words("git shortlog -s HEAD")).toContain("2\tn");
  expect(await words("git status --short")).toBe("exit code 0");
  expect(await words("cat README.md inside")).toBe("exit code 0\n# Hello\nGrüße\n# Hello\nGrüße");
  expect(await words("ls src")).toBe("exit code 0\napp.ts");
  expect(await words("pwd")).toContain("a repository");
});

test("a command runs in the directory that is asked for", async () => {
  expect(await words("cat app.ts ../README.md", { worktree: "src" })).toContain("answer = 43;\n# Hello");
  expect(await words("git ls-files", { worktree: "src" })).toBe("exit code 0\napp.ts");
  for (const [worktree, reason] of [
    ["..", "leaves the repository"],
    ["/", "is absolute"],
    ["up", "is a link that leaves the repository"],
    ["missing", "no such file or directory"],
    ["README.md", "is not a directory"],
    [".git", "git's own data"],
  ] as const) {
    expect(await words("pwd", { worktree })).toContain(reason);
  }
});

test("a link never leads out of the repository", async () => {
  expect(await words("cat leak")).toBe('refused: cat: "leak" is a link that leaves the repository');
  expect(await words("cat up/secret")).toContain("leaves the repository");
  expect(await words("ls up")).toContain("leaves the repository");
  expect(await words("cat gitlink/config")).toContain("link to git's own data");
  expect(await words("cat circle")).toContain("lead in a circle");
  expect(await words("cat missing")).toContain("no such file");
  expect(await words("git diff up/secret leak")).not.toContain("secret outside");
});

test("errors come back with their exit code", async () => {
  const answer = await words("git show no-such-revision");
  expect(answer).toContain("exit code 128");
  expect(answer).toContain("no-such-revision");
});

test("long output is cut, can be read on, and is whole in the log", async () => {
  const first = await words("cat long.txt");
  expect(first.length).toBeLessThan(4_200);
  expect(first).toMatch(/\[cut: 4890 more characters; ask for less, or again with offset 4000\]$/);
  const rest = await words("cat long.txt", { offset: 4000 });
  expect(first.split("\n")[1]).toBe("line 0");
  expect(rest).toContain("offset 8000");
  expect(await words("cat long.txt", { offset: 8000 })).toMatch(/line 999$/);
  expect(await run({ command: ["cat", "long.txt"] }, { outputLimit: 100 })).toContain("offset 100]");
  expect(readFileSync(log, "utf8")).toContain("line 998\nline 999\n");
});

test("the log has every command, also those refused, without control characters", async () => {
  await words("git push origin main");
  await run({ command: ["git", "log", "--format=%s b\u001b[2J", "-1"] });
  await words("cat noise.txt");
  const text = readFileSync(log, "utf8");
  expect(text).toContain('in ".": git push origin main\nrefused\ngit push is not allowed');
  expect(text).toContain('"--format=%s b\\u001b[2J" -1\nexit code 0');
  expect(text).toContain("before[2Jafter");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
});

test("the log is not written through a link", async () => {
  const link = join(base, "linked.log");
  symlinkSync(join(base, "target"), link);
  await expect(runRepoCommand({ command: ["pwd"] }, { root, log: link })).rejects.toThrow();
  expect(existsSync(join(base, "target"))).toBe(false);
});

test("nothing of the orchestrator's environment comes through", async () => {
  process.env.ORCH_TEST_SECRET = "leaked";
  process.env.GIT_DIR = join(base, "elsewhere");
  try {
    expect(await words("git log --format=%s -1")).toBe("exit code 0\nsecond");
    const { readEnvironment } = await import("./read-environment.ts");
    expect(Object.values(readEnvironment(root))).not.toContain("leaked");
  } finally {
    delete process.env.ORCH_TEST_SECRET;
    delete process.env.GIT_DIR;
  }
});

test("programs that the repository's configuration names are not run", async () => {
  const evil = join(base, "evil.sh");
  writeFileSync(evil, `#!/bin/sh\ntouch '${canary}'\ncat\n`, { mode: 0o755 });
  const settings = [
    ["diff.external", evil],
    ["diff.evil.textconv", evil],
    ["diff.evil.command", evil],
    ["core.fsmonitor", evil],
    ["core.pager", evil],
    ["pager.log", evil],
    ["gpg.program", evil],
    ["log.showSignature", "true"],
    ["core.alternateRefsCommand", evil],
    ["alias.log", `!${evil}`],
  ] as const;
  const signed = git("rev-parse", "HEAD~1").trim();
  for (const [key, value] of settings) git("config", key, value);
  const commands = [
    "git status",
    "git log -p -2",
    "git log --format=%G? -1",
    `git show ${signed}`,
    "git diff HEAD~1",
    "git grep -n answer",
    "git blame src/app.ts",
    "git cat-file -p HEAD:src/app.ts",
    "git ls-files -m",
    "git branch -v",
  ];
  // The test can fail: plain git runs the program at once.
  git("-c", "core.pager=cat", "diff", "HEAD~1");
  expect(existsSync(canary)).toBe(true);
  rmSync(canary);
  for (const command of commands) expect(await words(command)).toContain("exit code 0");
  expect(existsSync(canary)).toBe(false);
  for (const [key] of settings) git("config", "--unset", key);
});

test("reading changes nothing in the repository, not even the index", async () => {
  const index = () => readFileSync(join(root, ".git/index"));
  const before = index();
  // The same content with other times: plain git would now write what it found out into the index.
  utimesSync(join(root, "src/app.ts"), new Date(0), new Date(0));
  await words("git status");
  await words("git diff");
  expect(index().equals(before)).toBe(true);
  git("diff");
  expect(index().equals(before)).toBe(false);
});

test("a broken worktree does not become the repository above it", async () => {
  const inner = join(root, "src");
  const answer = await runRepoCommand({ command: ["git", "log"] }, { root: inner, log });
  expect(answer).toContain("not a git repository");
});

test("an abort ends the command at once", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  const running = run({ command: ["git", "log", "-p"] }, { signal: controller.signal });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
});
