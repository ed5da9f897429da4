/** What an agent that only reads may ask for: judged from the words alone. */

import { expect, test } from "vitest";
import { judgeCommand } from "./command-policy.ts";
import { GIT_RULES } from "./git-read-rules.ts";

/** Words are separated by single spaces here; the policy itself never splits anything. */
const judge = (line: string, directory = ".") => judgeCommand(line.split(" "), directory);

function reason(command: readonly string[], directory = "."): string {
  const verdict = judgeCommand(command, directory);
  return verdict.allowed ? "allowed" : verdict.reason;
}

test.each([
  "git status",
  "git status -sb --porcelain=v2",
  "git log",
  "git log -5 --oneline --stat",
  "git log -p -n 3 HEAD~5..HEAD -- src/a.ts",
  "git log --since=2.weeks --author=somebody --format=%h%x09%s",
  "git log -S createServer --all",
  "git log -L10,20:src/a.ts",
  "git show HEAD:src/a.ts",
  "git show --stat HEAD^{commit}",
  "git diff HEAD~1 HEAD -- src",
  "git diff --name-only main...topic",
  "git ls-files -z -- *.ts",
  "git ls-tree -r --name-only HEAD",
  "git grep -nE /api/users",
  "git grep -n -C3 -e --force -e x -- src",
  "git blame -L 10,20 src/a.ts",
  "git rev-parse --abbrev-ref HEAD",
  "git cat-file -p HEAD^{tree}",
  "git describe --tags --always",
  "git shortlog -sn HEAD",
  "git shortlog -sn --all",
  "git branch -a -vv",
  "git branch --list feature/*",
  "git tag -n3 --list v1*",
  "git merge-base main HEAD",
  "git rev-list --count HEAD",
  "git version",
  "ls",
  "ls -la src",
  "ls -R --color=never src/deep/..",
  "cat -n README.md src/a.ts",
  "pwd",
])("%s is allowed", (line) => {
  // `-e --force` is written as git itself would have it: attached.
  expect(judge(line.replace("-e --force", "-e--force"))).toMatchObject({ allowed: true });
});

test.each([
  ["git push", "orch pushes the result branch itself"],
  ["git push origin HEAD:main", "orch pushes the result branch itself"],
  ["git remote -v", "not yours to read or change"],
  ["git fetch", "no network"],
  ["git reset --hard", "describe the change in a subtask's instructions"],
  ["git rebase main", "describe the change in a subtask's instructions"],
  ["git commit -am x", "describe the change in a subtask's instructions"],
  ["git checkout main", "describe the change in a subtask's instructions"],
  ["git worktree add x", "describe the change in a subtask's instructions"],
  ["git config --list", "credentials"],
  ["git difftool", "use git diff"],
  ["git frobnicate", "what is allowed is status, log"],
  ["git __proto__", "what is allowed is status, log"],
  ["git", "needs a subcommand"],
])("%s is refused with a reason to act on", (line, words) => {
  expect(reason(line.split(" "))).toContain(words);
});

test.each([
  "git -c core.pager=sh log",
  "git -C .. log",
  "git --git-dir=/elsewhere/.git log",
  "git --work-tree=/ status",
  "git --exec-path=. status",
  "git --no-pager log",
  "git -p log",
  "git --config-env=core.pager=X log",
])("%s is refused: no option before the subcommand", (line) => {
  expect(reason(line.split(" "))).toContain("before the subcommand");
});

test.each([
  "git log --output=x",
  "git log --output x",
  "git log --outpu=x",
  "git diff --output=x",
  "git show --output=x",
  "git diff --ext-diff",
  "git log -p --ext-diff",
  "git log -p --textconv",
  "git show --textconv HEAD",
  "git cat-file --textconv HEAD:a",
  "git cat-file --filters HEAD:a",
  "git cat-file --batch",
  "git diff --no-index a b",
  "git diff -Oorder",
  "git diff --submodule=diff",
  "git grep -O foo",
  "git grep -Osh foo",
  "git grep -nO foo",
  "git grep --open-files-in-pager=sh foo",
  "git grep --open foo",
  "git grep --no-index foo",
  "git grep --textconv foo",
  "git grep --recurse-submodules foo",
  "git grep -f patterns",
  "git blame --contents x f",
  "git blame --ignore-revs-file=x f",
  "git blame -S revs f",
  "git log --show-signature",
  "git log --alternate-refs",
  "git log --stdin",
  "git ls-files --exclude-from=x",
  "git ls-files -X x",
  "git shortlog --output=x HEAD",
  "git rev-parse --parseopt",
  "git rev-parse --resolve-git-dir x",
  "git describe --broken",
  "git branch -D main",
  "git branch -m main other",
  "git branch --edit-description",
  "git tag -d v1",
  "git tag -s v1",
  "git status --frobnicate",
  "ls --hyperlink",
  "cat --frobnicate a",
  "pwd -x",
])("%s is refused: the option is not in the list", (line) => {
  expect(reason(line.split(" "))).toMatch(/option \S+ is not allowed/);
});

test("an option cannot hide as the value of another", () => {
  expect(reason(["git", "log", "-n", "--output=x"])).toContain("needs a value");
  expect(reason(["git", "grep", "-e", "-Osh", "x"])).toContain("needs a value");
  expect(reason(["git", "log", "-S"])).toContain("needs a value");
});

test("no word behind -- is read as an option", () => {
  // git blame takes what follows the file for a revision.
  expect(reason(["git", "blame", "--", "f", "--output=x"])).toContain('write "./" before it');
  expect(reason(["cat", "--", "-n"])).toContain('write "./" before it');
  expect(judge("cat -- ./-n")).toMatchObject({ allowed: true });
});

test("branch and tag only list", () => {
  expect(reason(["git", "branch", "new"])).toContain("only lists");
  expect(reason(["git", "branch", "-v", "new"])).toContain("only lists");
  expect(reason(["git", "branch", "--", "new"])).toContain("only lists");
  expect(reason(["git", "tag", "v1", "HEAD"])).toContain("only lists");
});

test("shortlog does not wait for its standard input", () => {
  expect(reason(["git", "shortlog"])).toContain("needs a revision");
});

test.each([
  ["cat /etc/passwd", "is absolute"],
  ["cat ../outside", "leaves the repository"],
  ["cat src/../../outside", "leaves the repository"],
  ["cat ..", "leaves the repository"],
  ["cat -- ../outside", "leaves the repository"],
  ["cat .git", "git's own data"],
  ["cat sub/.GIT/config", "git's own data"],
  ["cat -", 'write "./" before it'],
  ["cat -- -", 'write "./" before it'],
  ["cat", "needs the path"],
  ["ls ../..", "leaves the repository"],
  ["ls -la /", "is absolute"],
  ["ls .git/hooks", "git's own data"],
  ["pwd ..", "takes no paths"],
  ["git diff /etc/passwd /etc/shadow", "is absolute"],
  ["git diff ../a ../b", "leaves the repository"],
  ["git log -- ../../x", "leaves the repository"],
  ["git grep foo /etc", "is absolute"],
  ["git grep -e foo /etc", "is absolute"],
  ["git blame ../x", "leaves the repository"],
])("%s is refused: the path is outside", (line, words) => {
  expect(reason(line.split(" "))).toContain(words);
});

test("a path is judged from the directory that the command runs in", () => {
  expect(judge("cat ../README.md", "src/deep")).toMatchObject({ allowed: true });
  expect(judge("cat ../../README.md", "src/deep")).toMatchObject({ allowed: true });
  expect(reason(["cat", "../../../README.md"], "src/deep")).toContain("leaves the repository");
});

test.each([
  "npm test",
  "npm run build -- --watch=false",
  "npm exec vitest run",
  "npm --version",
  "yarn test",
  "yarn workspaces foreach run test",
  "pnpm -r test",
  "pnpm run lint",
  "node --test",
  "node -e 1",
  "pytest -q tests",
])("%s is allowed, as one that runs code", (line) => {
  expect(judge(line)).toMatchObject({ allowed: true, runsCode: true });
});

test("what only reads is not taken for code", () => {
  for (const line of ["git status", "ls", "codex --version"]) expect(judge(line)).toMatchObject({ runsCode: false });
});

test.each([
  [["bash", "-c", "ls"], "there is no shell"],
  [["sh"], "there is no shell"],
  [["env", "ls"], "there is no shell"],
  [["git log | cat"], "each word as an element of its own"],
  [["/bin/cat", "x"], "without its path"],
  [["./script"], "without its path"],
  [["codex", "exec", "do it"], "orch starts the agents itself"],
  [["codex"], "orch starts the agents itself"],
  [["codex", "--version", "exec"], "orch starts the agents itself"],
  [["codex", "-c", "x=1", "exec"], "orch starts the agents itself"],
  [["codex", "login"], "orch starts the agents itself"],
  [["npm"], "nothing is installed here"],
  [["npm", "ci"], "nothing is installed here"],
  [["npm", "publish"], "not yours to use"],
  [["npm", "config", "list"], "credentials"],
  [["npm", "--prefix", "/", "test"], "before the subcommand"],
  [["npm", "version", "major"], "subtask's instructions"],
  [["yarn"], "nothing is installed here"],
  [["yarn", "npm", "publish"], "not yours to use"],
  [["pnpm", "-r", "publish"], "not yours to use"],
  [["npx", "x"], "npm exec"],
  [["python3", "-c", "1"], "use pytest"],
  [["grep", "-r", "x"], "use git grep"],
  [["find", "."], "use git ls-files"],
  [["rm", "-rf", "."], "you can read with git, ls, cat and pwd"],
  [["GIT", "log"], "you can read with"],
  [["git\u0000", "log"], "NUL"],
  [["cat", "a\u0000b"], "NUL"],
  [[], "is empty"],
  [[""], "is empty"],
  [["ls", "x".repeat(8_001)], "too long"],
  [["ls", ...Array<string>(300).fill("a")], "too long"],
])("%j is refused with a reason to act on", (command, words) => {
  expect(reason(command)).toContain(words);
});

test("a reason holds no control characters of the command's own", () => {
  for (const word of ["x\u001b[2J", "--x\u001b[2J", "\u009b1m"]) {
    for (const command of [[word], ["git", word], ["git", "log", word, "/"], ["cat", `/${word}`], ["ls", word]]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(reason(command)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  }
});

test("what the repository's configuration could ask for is turned off in every diff", () => {
  for (const subcommand of ["log", "show", "diff"]) {
    const verdict = judgeCommand(["git", subcommand, "-p", "HEAD", "--", "a"]);
    const args = verdict.allowed ? verdict.args : [];
    expect(args).toEqual([
      subcommand,
      "--no-ext-diff",
      "--no-textconv",
      "--submodule=short",
      "--ignore-submodules=dirty",
      "-p",
      "HEAD",
      "--",
      "a",
    ]);
  }
});

test("no list holds an option that runs a program, writes a file or reads one outside", () => {
  const never = `--output --ext-diff --textconv --filters --no-index --contents --show-signature --alternate-refs -O
    --open-files-in-pager --exec-path --recurse-submodules --stdin --submodule --ignore-revs-file --exclude-from -X
    --exclude-per-directory -f --file --git-dir --work-tree -c --config --upload-pack --exec`.split(/\s+/);
  // Short letters that mean something harmless where they are listed.
  const harmless = ["show -c", "log -c", "diff -c", "shortlog -c", "ls-files -c", "grep -c", "blame -c", "blame -f"];
  for (const [subcommand, rule] of Object.entries(GIT_RULES)) {
    const lists = [rule.flags, rule.optional, rule.attached, rule.valued].join(" ").split(/\s+/);
    const found = never.filter((option) => lists.includes(option) && !harmless.includes(`${subcommand} ${option}`));
    expect(found, subcommand).toEqual([]);
  }
});
