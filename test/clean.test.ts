/** `orch clean` on real jobs: what is merged and recorded goes, everything else stays and is said. */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CleanedJob } from "../src/jobs/clean-jobs.ts";
import { planScript, type ScriptedSubtask } from "./support/plan-script.ts";
import { Workshop } from "./support/workshop.ts";

const ORCH = join(import.meta.dirname, "..", "bin", "orch.js");

function orch(shop: Workshop, ...args: readonly string[]) {
  const env = { ...shop.environment, OPENAI_API_KEY: "", PATH: "/usr/bin:/bin" };
  return spawnSync(process.execPath, [ORCH, ...args], { cwd: shop.base, env, encoding: "utf8" });
}

function clean(shop: Workshop, ...args: readonly string[]): (CleanedJob & { readonly dryRun: boolean })[] {
  const { status, stdout, stderr } = orch(shop, "clean", "--json", ...args);
  expect(status, stderr).toBe(0);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as CleanedJob & { readonly dryRun: boolean });
}

/** `kind name outcome`, with the end of a path. */
function things(jobs: readonly CleanedJob[]): string[] {
  return jobs.flatMap((job) =>
    job.things.map(
      ({ kind, name, outcome }) => `${outcome} ${kind} ${kind === "worktree" ? name.split("/").at(-1) : name}`,
    ),
  );
}

const refs = (shop: Workshop) =>
  shop.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/orch", "refs/heads").split("\n").filter(Boolean);
const folder = (shop: Workshop, jobId: string) => join(shop.repository, ".codex", "jobs", jobId);
const worktree = (shop: Workshop, jobId: string, name: string) => join(folder(shop, jobId), "worktrees", name);

test("a job that is done leaves its result, its plan and its logs; the user can switch to the result", async () => {
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one" }, { id: "two", dependsOn: ["one"] }] }),
    folder: "ein Ort ü",
  });
  expect((await shop.run("job").end).code).toBe(0);
  const before = refs(shop);
  const result = shop.git("rev-parse", "result-job");
  const all = [
    "removed worktree one",
    "removed worktree result",
    "removed worktree two",
    "removed branch orch/job/one",
    "removed branch orch/job/two",
    "removed snapshots refs/orch/job",
  ];

  expect(things(clean(shop, "--dry-run"))).toEqual(all);
  expect(refs(shop)).toEqual(before);
  expect(existsSync(worktree(shop, "job", "one"))).toBe(true);

  expect(things(clean(shop))).toEqual(all);
  expect(refs(shop)).toEqual([`refs/heads/result-job ${result}`, `refs/heads/trunk ${shop.git("rev-parse", "HEAD")}`]);
  expect(shop.git("worktree", "list").split("\n")).toHaveLength(1);
  for (const kept of ["orchestrator.log", "planner-output.json", "turns"]) {
    expect(existsSync(join(folder(shop, "job"), kept)), kept).toBe(true);
  }
  for (const gone of ["worktrees", "git", "removed"]) expect(existsSync(join(folder(shop, "job"), gone))).toBe(false);
  // Git lets a branch be switched to only if no worktree is on it.
  shop.git("worktree", "add", "--quiet", join(shop.base, "taken"), "result-job");
  shop.git("worktree", "remove", join(shop.base, "taken"));

  expect(clean(shop)).toEqual([]);
  expect(things(clean(shop, "job"))).toEqual([]);
  expect(orch(shop, "clean").stdout).toBe("nothing to remove\n");
  expect(orch(shop, "show", "job").stdout).toContain("two  done");

  expect(clean(shop, "--forget", "--dry-run")).toMatchObject([{ jobId: "job", isForgotten: true }]);
  expect(orch(shop, "show", "job").status).toBe(0);
  expect(orch(shop, "clean", "--forget").stdout).toContain("forgot 1 job");
  expect(orch(shop, "show", "job")).toMatchObject({ status: 2, stderr: expect.stringContaining('no job "job"') });
  expect(shop.git("rev-parse", "result-job")).toBe(result);
  expect(orch(shop, "clean", "--forget").stdout).toBe("nothing to remove\n");
});

test("what a person did afterwards is kept and said, wherever it is", async () => {
  const ids = ["calm", "committed", "edited", "staged", "switched", "here"];
  await using shop = await Workshop.open({ script: planScript({ subtasks: ids.map((id) => ({ id })) }) });
  expect((await shop.run("job").end).code).toBe(0);
  const at = (name: string) => worktree(shop, "job", name);
  writeFileSync(join(at("edited"), "mine.txt"), "mine");
  writeFileSync(join(at("staged"), "README.md"), "mine");
  shop.git("-C", at("staged"), "add", "README.md");
  shop.git("-C", at("staged"), "show", "HEAD:README.md");
  writeFileSync(join(at("staged"), "README.md"), "# A repository\n");
  writeFileSync(join(at("committed"), "more.txt"), "more");
  shop.git("-C", at("committed"), "add", "-A");
  shop.git("-C", at("committed"), "commit", "--quiet", "-m", "More");
  shop.git("-C", at("switched"), "switch", "--quiet", "-c", "elsewhere");
  shop.git("branch", "orch/job/not-of-the-plan", "HEAD");
  // A worktree of their own, beside the job's and out of its folder.
  shop.git("worktree", "remove", "--force", at("here"));
  shop.git("worktree", "add", "--quiet", join(shop.base, "theirs"), "orch/job/here");

  const cleaned = clean(shop);
  const kept = cleaned.flatMap((job) => job.things.filter(({ outcome }) => outcome === "kept"));
  const reasons = Object.fromEntries(
    kept.map(({ name, reason }) => [name.replace(`${folder(shop, "job")}/`, ""), reason]),
  );
  expect(reasons).toEqual({
    "worktrees/edited": "it holds changes that no commit has",
    "worktrees/staged": "changes are staged in it that no commit has",
    "worktrees/switched": "it is not on orch/job/switched any more",
    "orch/job/committed": "it holds commits that the result does not",
    "orch/job/edited": "it is checked out",
    "orch/job/staged": "it is checked out",
    "orch/job/here": "it is checked out",
    "orch/job/not-of-the-plan": "the job did not make it",
  });
  expect(existsSync(join(at("edited"), "mine.txt"))).toBe(true);
  for (const gone of ["calm", "committed", "result"]) expect(existsSync(at(gone))).toBe(false);

  const again = clean(shop, "job", "--discard");
  expect(things(again)).toEqual([
    "removed worktree edited",
    "removed worktree staged",
    "removed worktree switched",
    "removed branch orch/job/committed",
    "removed branch orch/job/edited",
    "kept branch orch/job/here",
    "kept branch orch/job/not-of-the-plan",
    "removed branch orch/job/staged",
  ]);
  // What a person made stays also then: their branches, their worktree.
  expect(shop.git("branch", "--list", "elsewhere")).not.toBe("");
  expect(existsSync(join(shop.base, "theirs", "here.txt"))).toBe(true);
  shop.git("worktree", "remove", join(shop.base, "theirs"));
  shop.git("branch", "-D", "elsewhere");
});

test("a result that is on no branch any more is not lost: what holds its commits stays", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }] }) });
  expect((await shop.run("job").end).code).toBe(0);
  shop.git("worktree", "remove", worktree(shop, "job", "result"));
  shop.git("branch", "-D", "result-job");
  const before = refs(shop);
  expect(things(clean(shop)).every((thing) => thing.startsWith("kept"))).toBe(true);
  expect(refs(shop)).toEqual(before);
  // Merged elsewhere, it is safe.
  shop.git("branch", "taken", "orch/job/one");
  expect(things(clean(shop)).every((thing) => thing.startsWith("removed"))).toBe(true);
  shop.git("branch", "-D", "taken");
});

test("jobs that are not over are refused; what failed is kept until its name and --discard are given", async () => {
  const idle: ScriptedSubtask = { id: "idle", steps: [{ say: "There is nothing to do." }] };
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one" }, idle] }),
    config: { maxFollowUps: 0 },
  });
  const waiting = shop.run("waits", ["--approve-plan"]);
  await waiting.event(({ type }) => type === "job.waiting");
  expect(orch(shop, "clean", "waits")).toMatchObject({ status: 2, stderr: expect.stringContaining("being run") });
  waiting.kill("SIGINT");
  await waiting.end;
  expect(orch(shop, "clean", "waits", "--discard")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("orch cancel waits"),
  });
  expect((await shop.run("fails").end).code).toBe(1);
  const before = refs(shop);
  expect(clean(shop)).toEqual([]);
  expect(clean(shop, "fails")).toMatchObject([
    { state: "failed", things: [], note: expect.stringContaining("in no result") },
  ]);
  expect(orch(shop, "clean", "--discard")).toMatchObject({ status: 2 });
  expect(clean(shop, "fails", "--discard", "--dry-run")).toMatchObject([{ state: "failed" }]);
  expect(refs(shop)).toEqual(before);

  expect(things(clean(shop, "fails", "--discard"))).toContain("removed branch orch/fails/one");
  expect(refs(shop).filter((ref) => ref.includes("fails"))).toEqual([expect.stringMatching(/heads\/result-fails /)]);
  expect(orch(shop, "list").stdout).toMatch(/^fails +cancelled/m);
  // The other job's things are untouched, and it goes on.
  expect(existsSync(worktree(shop, "waits", "result"))).toBe(true);
});

test("what a subtask that was skipped had made stays, under its own names", async () => {
  const idle: ScriptedSubtask = { id: "idle", steps: [{ say: "There is nothing to do." }] };
  await using shop = await Workshop.open({
    script: planScript({ subtasks: [{ id: "one" }, idle] }),
    config: { maxFollowUps: 0 },
  });
  expect((await shop.run("job").end).code).toBe(1);
  expect(orch(shop, "skip", "job", "idle").status).toBe(0);
  expect((await shop.resume("job").end).code).toBe(0);
  expect(things(clean(shop))).toEqual([
    "kept worktree idle",
    "removed worktree one",
    "removed worktree result",
    "kept branch orch/job/idle",
    "removed branch orch/job/one",
    ...["kept snapshots refs/orch/job", "removed snapshots refs/orch/job"],
  ]);
  expect(
    refs(shop)
      .map((ref) => ref.split(" ")[0])
      .filter((ref) => ref?.includes("idle")).length,
  ).toBeGreaterThan(1);
});

test("a clean that was killed is finished by the next one, and what the job left running is ended", async () => {
  await using shop = await Workshop.open({ script: planScript({ subtasks: [{ id: "one" }, { id: "two" }] }) });
  expect((await shop.run("job").end).code).toBe(0);
  // One worktree is in the bin, half of its files gone; git still has its note. Of another only the note is left.
  mkdirSync(join(folder(shop, "job"), "removed", "0123"), { recursive: true });
  writeFileSync(join(folder(shop, "job"), "removed", "0123", "README.md"), "half");
  rmSync(worktree(shop, "job", "one"), { recursive: true });
  rmSync(worktree(shop, "job", "two"), { recursive: true });
  const mark = { ORCH_TURN: join(folder(shop, "job"), "turns", "job-1-0") };
  const leftOver = spawn("sleep", ["300"], { env: mark, detached: true, stdio: "ignore" });
  expect(clean(shop, "--dry-run")).toMatchObject([{ ended: [leftOver.pid] }]);
  expect(leftOver.exitCode ?? leftOver.signalCode).toBeNull();
  const cleaned = clean(shop);
  expect(cleaned).toMatchObject([{ ended: [leftOver.pid] }]);
  expect(things(cleaned).every((thing) => thing.startsWith("removed"))).toBe(true);
  expect(shop.processes()).toEqual([]);
  expect(existsSync(join(folder(shop, "job"), "removed"))).toBe(false);
  expect(refs(shop)).toHaveLength(2);
  expect(readdirSync(join(shop.repository, ".git")).includes("worktrees")).toBe(false);
});
