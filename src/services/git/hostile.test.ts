/** What an agent could plant, were it out of its sandbox: none of it is run by the orchestrator's git. */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { concludeConflict } from "./conclude-conflict.ts";
import { describeResult } from "./describe-result.ts";
import { TestJob, writeFiles } from "./job.testkit.ts";
import { showDiff } from "./show-diff.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const HOOKS = [
  "reference-transaction",
  "post-checkout",
  "post-index-change",
  "pre-commit",
  "prepare-commit-msg",
  "commit-msg",
  "post-commit",
  "pre-merge-commit",
  "post-merge",
  "pre-push",
  "pre-auto-gc",
  "fsmonitor-watchman",
  "update",
];

/** Settings that make git run `program` at some moment. */
const settings = (program: string): Record<string, string> => ({
  "core.fsmonitor": program,
  "core.pager": program,
  "core.editor": program,
  "core.sshCommand": program,
  "core.askPass": program,
  "core.gitProxy": program,
  "core.alternateRefsCommand": program,
  "filter.evil.clean": program,
  "filter.evil.smudge": program,
  "filter.evil.process": program,
  "filter.evil.required": "true",
  "diff.external": program,
  "diff.evil.command": program,
  "diff.evil.textconv": program,
  "merge.evil.driver": `${program} %A`,
  "merge.default": "evil",
  "commit.gpgSign": "true",
  "push.gpgSign": "true",
  "gpg.program": program,
  "credential.helper": `!${program}`,
  "alias.add": `!${program}`,
  "sequence.editor": program,
  "uploadpack.packObjectsHook": program,
  "extensions.worktreeConfig": "true",
});

function plantIn(gitDir: string, program: string): void {
  mkdirSync(join(gitDir, "hooks"), { recursive: true });
  mkdirSync(join(gitDir, "info"), { recursive: true });
  for (const hook of HOOKS) {
    writeFileSync(join(gitDir, "hooks", hook), `#!/bin/sh\nexec ${program}\n`);
    chmodSync(join(gitDir, "hooks", hook), 0o755);
  }
  writeFileSync(join(gitDir, "info", "attributes"), "* filter=evil diff=evil merge=evil\n");
  const text = Object.entries(settings(program)).map(([key, value]) => {
    const parts = key.split(".");
    const [section = "", name = ""] = [parts[0], parts.at(-1)];
    const middle = parts.length === 3 ? ` "${parts[1]}"` : "";
    return `[${section}${middle}]\n\t${name} = "${value}"\n`;
  });
  writeFileSync(join(gitDir, "evil-config"), text.join(""));
  writeFileSync(join(gitDir, "config.worktree"), text.join(""));
  const config = existsSync(join(gitDir, "config")) ? readFileSync(join(gitDir, "config"), "utf8") : "";
  writeFileSync(join(gitDir, "config"), `${config}\n[include]\n\tpath = ${gitDir}/evil-config\n`);
}

test("hooks, filters, drivers, monitors and a swapped .git are never run, and change nothing", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "one\ntwo\nthree\n", "b.txt": "b\n" } });
  const canary = join(job.temp.folder, "canary");
  const program = join(job.temp.folder, "evil");
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${canary}\ncat\n`);
  chmodSync(program, 0o755);
  const attributes = { ".gitattributes": "* filter=evil diff=evil merge=evil ident\n" };
  const right = job.part("right", { ...attributes, "a.txt": "one\nright\nthree\n" });
  const side = job.part("side", { ...attributes, "b.txt": "side\n" });

  plantIn(job.repository.gitDir, program);
  vi.stubEnv("GIT_DIR", job.temp.folder);
  vi.stubEnv("GIT_INDEX_FILE", join(job.temp.folder, "no-index"));
  vi.stubEnv("GIT_EXTERNAL_DIFF", program);
  vi.stubEnv("GIT_EDITOR", program);
  vi.stubEnv("GIT_CONFIG_PARAMETERS", `'core.fsmonitor=${program}'`);
  vi.stubEnv("GIT_CONFIG_COUNT", "1");
  vi.stubEnv("GIT_CONFIG_KEY_0", "core.fsmonitor");
  vi.stubEnv("GIT_CONFIG_VALUE_0", program);

  const { path } = await job.prepare("left");
  for (const name of readdirSync(join(job.repository.gitDir, "worktrees"))) {
    plantIn(join(job.repository.gitDir, "worktrees", name), program);
  }
  writeFiles(path, { ...attributes, "a.txt": "one\nleft\nthree\n", "sub/.gitattributes": "* filter=evil\n" });
  rmSync(join(path, ".git"));
  mkdirSync(join(path, ".git"));
  for (const name of ["objects", "refs"]) mkdirSync(join(path, ".git", name));
  writeFileSync(join(path, ".git/HEAD"), "ref: refs/heads/evil\n");
  plantIn(join(path, ".git"), program);

  const checked = await job.check("left");
  expect(checked.problems).toEqual([]);
  expect(checked.stat).toMatchObject({ files: 3 });
  const left = await job.commit("left", checked.tree);
  await job.prepare("result");
  const { head, conflict } = await job.integrate("result", job.repository.baseCommit, [
    { subtaskId: "left", commit: left.head },
    side,
    right,
  ]);
  expect(conflict?.files).toEqual(["a.txt"]);
  writeFiles(job.worktree("result").path, { "a.txt": "one\nleft\nright\nthree\n" });
  const worktree = job.worktree("result");
  const { repository } = job;
  if (!conflict) throw new Error("no conflict");
  const result = await concludeConflict({ repository, worktree, head, conflict }, job.context());
  expect(result.problems).toEqual([]);
  expect(await describeResult({ repository, head: result.head ?? "" }, job.context())).toMatchObject({ files: 4 });
  const diff = await showDiff({ repository, jobId: "job-1", from: repository.baseCommit, to: result.head ?? "" });
  expect(diff).toContain("+right\n");
  expect(existsSync(canary)).toBe(false);
  // The traps are real: git as a person runs it falls into them.
  expect(() => job.temp.git(["add", "-A"], path)).toThrow(/filter 'evil' failed/);
  expect(existsSync(canary)).toBe(true);
});

test("a .git that an agent changed is put back, and what it put there is kept aside", async () => {
  using job = await TestJob.begin();
  const { path } = await job.prepare("api");
  const original = readFileSync(join(path, ".git"), "utf8");
  const elsewhere = join(job.temp.folder, "elsewhere");
  job.temp.git(["init", "-q", elsewhere]);
  const swaps: (() => void)[] = [
    () => rmSync(join(path, ".git")),
    () => writeFileSync(join(path, ".git"), `gitdir: ${elsewhere}/.git\n`),
    () => {
      rmSync(join(path, ".git"));
      symlinkSync(join(elsewhere, ".git"), join(path, ".git"));
    },
    () => {
      rmSync(join(path, ".git"));
      renameSync(join(elsewhere, ".git"), join(path, ".git"));
    },
  ];
  for (const swap of swaps) {
    swap();
    writeFileSync(join(path, "a.txt"), "a\n");
    const { problems, stat } = await job.check("api");
    expect({ problems, files: stat.files }).toEqual({ problems: [], files: 1 });
    expect(readFileSync(join(path, ".git"), "utf8")).toBe(original);
  }
  expect(job.status("api")).toBe("?? a.txt\n");
  const aside = readdirSync(join(job.paths.job, "replaced-git"));
  expect(aside).toHaveLength(3);
});

test("files are never written through a link that an agent put in a folder's place", async () => {
  using job = await TestJob.begin({ files: { "src/a.txt": "a\n", "b.txt": "b\n" } });
  const outside = join(job.temp.folder, "outside");
  mkdirSync(outside);
  const part = job.part("part", { "src/a.txt": "from a merge\n", "src/new.txt": "from a merge\n" });
  const { path } = await job.prepare("result");
  rmSync(join(path, "src"), { recursive: true });
  symlinkSync(outside, join(path, "src"));
  await job.integrate("result", job.repository.baseCommit, [part]);
  expect(readdirSync(outside)).toEqual([]);
  expect(job.read("result", "src/new.txt")).toBe("from a merge\n");
});

test("names that look like options, patterns or several lines are only names", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n" } });
  const { path } = await job.prepare("api");
  const names = [
    "--force",
    "-rf",
    ":(exclude)a.txt",
    ":!a.txt",
    "*",
    "new\nline.txt",
    "tab\there",
    "x-gdeadbeef",
    "~",
    "a\\b",
    '"q"',
    "ä ö/ü.txt",
  ];
  writeFiles(path, {
    "a.txt": "changed\n",
    ...Object.fromEntries(names.map((name) => [name, "<<<<<<< a\n>>>>>>> b\n"])),
  });
  const { tree, problems, stat } = await job.check("api");
  expect(stat.files).toBe(names.length + 1);
  expect(problems).toHaveLength(names.length);
  const { head } = await job.commit("api", tree);
  expect(job.status("api")).toBe("");
  await job.prepare("result");
  await job.integrate("result", job.repository.baseCommit, [{ subtaskId: "api", commit: head }]);
  expect(job.read("result", "new\nline.txt")).toContain("<<<<<<< a");
});
