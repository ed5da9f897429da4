import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fingerprint } from "../../../test/support/fingerprint.ts";
import { tempRepository } from "../../../test/support/temp-repository.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { prepareJob } from "./prepare-job.ts";

test("a job's folders are made, and git status does not show them", async () => {
  using temp = tempRepository();
  temp.write({ "new.txt": "new\n" });
  const repository = await inspectRepository({ path: temp.root });
  const before = fingerprint(temp.root);
  await prepareJob({ repository }, fakeContext({ jobId: "one" }));
  await prepareJob({ repository }, fakeContext({ jobId: "two" }));
  expect(fingerprint(temp.root)).toEqual(before);
  const exclude = readFileSync(join(temp.root, ".git/info/exclude"), "utf8");
  expect(exclude.split("\n").filter((line) => line.includes(".codex"))).toEqual(["/.codex/jobs/"]);
});

test("info/exclude may be missing, without a line end, or a link to a file of the user's", async () => {
  using temp = tempRepository();
  const repository = await inspectRepository({ path: temp.root });
  const exclude = join(temp.root, ".git/info/exclude");
  const prepare = () => prepareJob({ repository }, fakeContext());
  rmSync(join(temp.root, ".git/info"), { recursive: true });
  await prepare();
  expect(readFileSync(exclude, "utf8")).toBe("/.codex/jobs/\n");
  writeFileSync(exclude, "/mine");
  await prepare();
  expect(readFileSync(exclude, "utf8")).toBe("/mine\n/.codex/jobs/\n");
  const dotfile = join(temp.folder, "my exclude");
  writeFileSync(dotfile, "/mine\n");
  rmSync(exclude);
  symlinkSync(dotfile, exclude);
  await prepare();
  expect(readFileSync(dotfile, "utf8")).toBe("/mine\n/.codex/jobs/\n");
});

test("nothing is written through a link in the place of .codex", async () => {
  using temp = tempRepository();
  const repository = await inspectRepository({ path: temp.root });
  mkdirSync(join(temp.root, ".codex"));
  symlinkSync(temp.folder, join(temp.root, ".codex/jobs"));
  await expect(prepareJob({ repository }, fakeContext())).rejects.toMatchObject({ code: "job-folder-in-the-way" });
});

test("what an attempt that died left half-made is made whole", async () => {
  using temp = tempRepository({ files: { "a.txt": "a\n", "sub/.gitattributes": "*.md merge=union\n" } });
  const repository = await inspectRepository({ path: temp.root });
  const git = join(temp.root, ".codex/jobs/job-1/git");
  const attributes = join(git, "orch/merge-view/sub/.gitattributes");
  await prepareJob({ repository }, fakeContext());
  const whole = readFileSync(join(git, "config"), "utf8");
  rmSync(join(git, "HEAD"));
  rmSync(attributes);
  writeFileSync(join(git, "config"), whole.slice(0, 10));
  writeFileSync(join(git, `config.${process.pid}.tmp`), "");
  await prepareJob({ repository }, fakeContext());
  expect(readFileSync(join(git, "config"), "utf8")).toBe(whole);
  expect(readFileSync(attributes, "utf8")).toBe("*.md merge=union\n");
  expect(temp.git(["--git-dir", git, "rev-parse", "--is-bare-repository"]).trim()).toBe("true");
});
