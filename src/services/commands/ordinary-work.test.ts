/** What agents really run works: the guard that hinders them would be switched off. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandsMark } from "../process-marks.ts";
import { findProgram } from "../sandbox/find-program.ts";
import { environment, sandbox } from "../sandbox/sandbox.testkit.ts";
import { runRepoCommand } from "./repo-command.ts";

let base: string;
let worktree: string;

const FILES = {
  "README.md": "# Sums\n",
  "package.json": JSON.stringify({
    name: "sums",
    version: "1.0.0",
    scripts: {
      test: "node --test",
      build: "node -e \"fs.mkdirSync('dist'); fs.writeFileSync('dist/out.js', '')\" && ls dist",
    },
  }),
  "src/add.js": "exports.add = (a, b) => a + b;\n",
  "test/add.test.js":
    'const { test } = require("node:test");\nconst assert = require("node:assert");\ntest("adds", () => assert.equal(require("../src/add.js").add(1, 2), 3));\n',
  "test_add.py":
    "import os, tempfile\n\ndef test_add(tmp_path):\n    (tmp_path / 'x').write_text('x')\n    assert 1 + 2 == 3\n",
};

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "orch-ordinary-"));
  const repository = join(base, "repository");
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(repository, path, ".."), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=An Author", "-c", "user.email=author@localhost", ...args], {
      cwd: repository,
    });
  git("init", "-q", "-b", "trunk");
  git("add", ".");
  git("commit", "-qm", "Add sums");
  writeFileSync(join(repository, "README.md"), "# Sums\n\nThey add up.\n");
  git("commit", "-qam", "Say what they do");
  worktree = join(repository, ".codex", "jobs", "job-1", "worktrees", "result");
  git("worktree", "add", "-q", "-b", "result-job-1", worktree);
  writeFileSync(join(worktree, "src/new.js"), "exports.two = 2;\n");
  writeFileSync(join(worktree, "src/add.js"), "exports.add = (a, b) => b + a;\n");
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const run = (...command: string[]) =>
  runRepoCommand(
    { command },
    {
      root: worktree,
      log: join(base, "run_repo_command.log"),
      scratch: join(base, "scratch"),
      sandbox,
      environment,
      mark: commandsMark(worktree, "job-1:1:0"),
    },
  );

test.each<[string, RegExp]>([
  ["git status", /modified: +src\/add\.js[\s\S]*src\/new\.js/],
  ["git status --short", / M src\/add\.js\n\?\? src\/new\.js/],
  ["git diff", /\+exports\.add = \(a, b\) => b \+ a;/],
  ["git diff --stat HEAD~1", /README\.md/],
  ["git log --oneline", /Say what they do\n.*Add sums/],
  ["git log -p -1", /\+They add up\./],
  ["git show HEAD", /Author: An Author/],
  ["git show HEAD~1:README.md", /^exit code 0\n# Sums$/],
  ["git grep -n add", /src\/add\.js:1:/],
  ["git blame README.md", /An Author/],
  ["git ls-files", /test\/add\.test\.js/],
  ["git branch -a", /\* result-job-1|\+ trunk/],
  ["git rev-parse --show-toplevel", /worktrees\/result/],
  ["ls -la", /package\.json/],
  ["ls -R src", /add\.js\nnew\.js/],
  ["cat README.md src/new.js", /They add up\.\nexports\.two/],
  ["pwd", /worktrees\/result/],
  ["node --version", /v\d+/],
  ["node --test", /# pass 1|pass 1/],
  ["node -p 1+1", /^exit code 0\n2$/],
  ["npm test", /pass 1/],
  ["npm run build", /out\.js/],
  ["npm --version", /\d+\.\d+/],
  ["codex --version", /codex-cli \d+/],
])("%s works", async (line, expected) => {
  const answer = await run(...line.split(" "));
  expect(answer).toMatch(/^exit code 0\n/);
  expect(answer).toMatch(expected);
});

const pytest = await findProgram("pytest", environment.PATH);
const hasPytest = pytest !== undefined && spawnSync(pytest, ["--version"], { env: environment }).status === 0;

test.skipIf(!hasPytest)("pytest works, where it is installed", async () => {
  const answer = await run("pytest", "-q");
  expect(answer).toMatch(/^exit code 0\n/);
  expect(answer).toContain("1 passed");
});

test("a test that fails is told as it is", async () => {
  writeFileSync(join(worktree, "src/add.js"), "exports.add = (a, b) => a - b;\n");
  const answer = await run("npm", "test");
  expect(answer).toMatch(/^exit code 1\n/);
  expect(answer).toContain("-1 == 3");
});
