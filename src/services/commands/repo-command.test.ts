/** `run_repo_command` on real git and real files: what comes back, and what never happens. */

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listJobProcesses } from "../job-processes.ts";
import { commandsMark } from "../process-marks.ts";
import { environment, sandbox } from "../sandbox/sandbox.testkit.ts";
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
const mark = () => commandsMark(join(root, ".codex/jobs/job-1/worktrees/result"), "job-1:1:0");
const settings = () => ({ root, log, scratch: join(base, "scratch"), sandbox, environment, mark: mark() });
const run = (call: RepoCommandCall, more = {}) => runRepoCommand(call, { ...settings(), ...more });
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
  await expect(runRepoCommand({ command: ["pwd"] }, { ...settings(), log: link })).rejects.toThrow();
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
  const answer = await runRepoCommand({ command: ["git", "log"] }, { ...settings(), root: inner });
  expect(answer).toContain("not a git repository");
});

test("code runs in a copy of the worktree: it can write there, and the next command sees nothing of it", async () => {
  const before = readdirSync(root);
  const write = `require("fs").writeFileSync("made", "x"); require("fs").rmSync("README.md"); console.log(process.cwd(), require("os").tmpdir())`;
  const [said = "", where = ""] = (await run({ command: ["node", "-e", write] })).split("\n");
  expect(said).toBe("exit code 0");
  const [cwd = "", temporary = ""] = where.split(" ");
  expect(dirname(cwd)).toBe(dirname(temporary));
  expect(dirname(dirname(cwd))).toBe(join(base, "scratch"));
  expect(await run({ command: ["node", "-p", `require("fs").existsSync("made")`] })).toBe("exit code 0\nfalse");
  expect(await words("node -p process.cwd()", { worktree: "src" })).toMatch(/\/tree\/src$/);
  expect(readdirSync(root)).toEqual(before);
  expect(readdirSync(join(base, "scratch"))).toEqual([]);
});

test("code that shuts its folders behind it leaves no copy", async () => {
  const shut = `fs.mkdirSync("a/b", { recursive: true }); fs.writeFileSync("a/b/c", ""); fs.chmodSync("a/b", 0); fs.chmodSync("a", 0)`;
  expect(await run({ command: ["node", "-e", shut] })).toBe("exit code 0");
  expect(readdirSync(join(base, "scratch"))).toEqual([]);
});

test("git's data cannot be written by code either, and git push pushes nothing", async () => {
  const remote = join(base, "remote.git");
  execFileSync("git", ["init", "-q", "--bare", remote]);
  const push = `const run = (...args) => require("child_process").spawnSync("git", args, { encoding: "utf8" });
    console.log(run("commit", "--allow-empty", "-m", "x").status, run("push", ${JSON.stringify(remote)}, "main").status,
      run("config", "core.hooksPath", "/x").status, run("log", "--format=%s").stdout.trim());`;
  const linked = join(base, "linked");
  git("worktree", "add", "-q", "-b", "topic", linked);
  try {
    expect(await run({ command: ["node", "-e", push] }, { root: linked })).toBe("exit code 0\n128 1 255 second\nfirst");
  } finally {
    git("worktree", "remove", "--force", linked);
  }
  expect(execFileSync("git", ["--git-dir", remote, "for-each-ref"], { encoding: "utf8" })).toBe("");
});

test("a program that is not installed is named", async () => {
  const environment = { PATH: dirname(process.execPath) };
  expect(await run({ command: ["pytest"] }, { environment })).toBe("refused: pytest is not installed on this machine");
});

test("a program of the repository's is not taken for the one that is meant", async () => {
  writeFileSync(join(root, "git"), "#!/bin/sh\necho mine\n", { mode: 0o755 });
  const relative = { ...environment, PATH: `.:bin:${environment.PATH}` };
  expect(await words("git log --format=%s -1")).toBe("exit code 0\nsecond");
  expect(await run({ command: ["git", "log", "--format=%s", "-1"] }, { environment: relative })).toBe(
    "exit code 0\nsecond",
  );
  rmSync(join(root, "git"));
});

test("the agent is told of a limit that ended its command", async () => {
  const forks = `for (let i = 0; i < 60; i++) require("child_process").spawn("sleep", ["600"]); setInterval(() => {}, 1000)`;
  const answer = await run({ command: ["node", "-e", forks] }, { maxProcesses: 40 });
  expect(answer).toMatch(/^ended with \d+ processes; the limit is 40: run less at a time$/);
  expect(await run({ command: ["node", "-e", "setInterval(() => {}, 1000)"] }, { limitMs: 2000 })).toContain(
    "ended after 2 s",
  );
});

test("what runs carries the job's mark, and is gone when the planning is stopped", async () => {
  const controller = new AbortController();
  const running = run({ command: ["node", "-e", "setInterval(() => {}, 1000)"] }, { signal: controller.signal });
  const ours = () => listJobProcesses().filter(({ repository }) => repository === root);
  await expect.poll(() => ours().some(({ command }) => command.includes("setInterval"))).toBe(true);
  expect(ours()).toContainEqual(
    expect.objectContaining({ kind: "command", jobId: "job-1", worktree: "result", isRoot: true }),
  );
  controller.abort(new Error("stop"));
  await expect(running).rejects.toThrow("stop");
  await expect.poll(ours).toEqual([]);
});

test("an abort ends the command at once", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  const running = run({ command: ["git", "log", "-p"] }, { signal: controller.signal });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
});
