import { expect, test } from "vitest";
import { fingerprint } from "../../../test/support/fingerprint.ts";
import { TestJob } from "./job.testkit.ts";

test("a worktree is on its branch at the start commit, and clean", async () => {
  using job = await TestJob.begin({ files: { "a.txt": "a\n", "src/b.txt": "b\n" } });
  const before = fingerprint(job.temp.root);
  const worktree = await job.prepare("api");
  expect(job.read("api", "src/b.txt")).toBe("b\n");
  expect(job.status("api")).toBe("");
  expect(job.temp.git(["branch", "--show-current"], worktree.path).trim()).toBe("orch/job-1/api");
  expect(fingerprint(job.temp.root)).toEqual(before);
});

test("sixty worktrees can be asked for at once", async () => {
  using job = await TestJob.begin();
  const names = Array.from({ length: 60 }, (_, index) => `part-${index}`);
  const start = performance.now();
  await Promise.all(names.map((name) => job.prepare(name)));
  console.log(performance.now() - start);
  for (const name of names) expect(job.status(name)).toBe("");
});
