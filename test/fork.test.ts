/** Promise 9, on real jobs: `orch fork` from any point, with real Codex, real git and a scripted model that counts. */

import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codingRegistry } from "../src/coding-workflows.ts";
import { replay } from "../src/engine/replay.ts";
import type { Store } from "../src/store/store.ts";
import { planScript } from "./support/plan-script.ts";
import { openWindingJob, windingResult } from "./support/winding-job.ts";
import { Workshop } from "./support/workshop.ts";

/** Which points are tried: all with `FORK_POINTS=all`, else so many of them, chosen by the seed. */
const { FORK_POINTS = "4", FORK_SEED = String(Date.now() % 100_000) } = process.env;

/** Everything of a job that a fork of it must leave as it is: its rows, its branches and refs, its folder. */
async function traces(shop: Workshop, jobId: string): Promise<readonly string[]> {
  using store = await shop.store();
  const rows = [
    store.getJob(jobId),
    store.listActors(jobId),
    store.listHistory(jobId),
    store.listActivities(jobId),
    store.listTimers(jobId),
    store.listPendingSignals(jobId),
    store.listArtifacts(jobId),
    store.getUsage(jobId),
  ];
  const refs = shop.git("for-each-ref", `refs/heads/result-${jobId}`, `refs/heads/orch/${jobId}`, `refs/orch/${jobId}`);
  return [...rows.map((row) => JSON.stringify(row)), refs, ...walk(join(shop.repository, ".codex", "jobs", jobId))];
}

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const found = lstatSync(path);
    if (found.isDirectory()) yield* walk(path);
    else {
      const content = found.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
      yield `${path} ${found.mode} ${found.mtimeMs} ${createHash("sha256").update(content).digest("hex")}`;
    }
  }
}

async function fork(shop: Workshop, jobId: string, at: number, newJobId: string): Promise<void> {
  const { code, stdout, stderr } = await shop.orch(["fork", jobId, "--at", String(at), "--job-id", newJobId]).end;
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(newJobId);
}

/** The names of the turns that were asked, with the planner's, since there were so many requests. */
function turnsSince(shop: Workshop, requests: number): (string | null)[] {
  return shop.model.requests
    .slice(requests)
    .filter(({ step }) => step === 1)
    .map(({ turn }) => turn)
    .sort();
}

/** The name that the script gives a turn, by the activity that had it done. */
function paidAt(store: Store, jobId: string, at: number): number {
  const ends = new Set(["plan", "codex", "resolve", "repair"].map((name) => `xstate.done.actor.${name}`));
  return store
    .listHistory(jobId, { limit: at })
    .filter(({ event }) => ends.has((event as { readonly type: string }).type)).length;
}

/** A small generator of numbers, so that a seed names the points. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

function pointsOf(end: number): number[] {
  const all = Array.from({ length: end - 1 }, (_, index) => index + 1);
  if (FORK_POINTS === "all") return all;
  const random = numbers(Number(FORK_SEED));
  return Array.from(
    { length: Number(FORK_POINTS) },
    () => all.splice(Math.floor(random.next().value * all.length), 1)[0] as number,
  );
}

test("promise 9: a job forked at points by chance ends with the same tree, and pays only for what was not paid", {
  timeout: 600_000,
}, async () => {
  await using shop = await openWindingJob();
  const first = await shop.run("old").end;
  expect(first.code, first.stderr).toBe(0);
  expect(shop.resultFiles("old")).toEqual(windingResult);
  const tree = shop.resultTree("old");
  const all = turnsSince(shop, 0).length;
  const before = await traces(shop, "old");
  using store = await shop.store();
  const points = pointsOf(store.listHistory("old").length);
  console.log(`FORK_SEED=${FORK_SEED}: ${points.join(", ")}`);
  for (const at of points) {
    const id = `fork-${at}`;
    const asked = shop.model.requests.length;
    await fork(shop, "old", at, id);
    const { code, stderr } = await shop.resume(id).end;
    expect(code, `${id}: ${stderr}`).toBe(0);
    expect(shop.resultTree(id), id).toBe(tree);
    expect(turnsSince(shop, asked), id).toHaveLength(all - paidAt(store, "old", at));
    const worktrees = shop
      .git("worktree", "list", "--porcelain")
      .split("\n")
      .filter((line) => line.startsWith("worktree ") && line.includes(`/${id}/`));
    expect(worktrees, id).toHaveLength(5);
    expect(replay(store.listHistory(id), codingRegistry()).divergence, id).toBeNull();
  }
  expect(await traces(shop, "old")).toEqual(before);
});

/** The number of the entry in which that event comes for the `count`th time. */
function pointOf(store: Store, jobId: string, type: string, actorId: string, count = 1): number {
  const entries = store
    .listHistory(jobId)
    .filter((entry) => (entry.event as { readonly type: string }).type.startsWith(type) && entry.actorId === actorId);
  const entry = entries[count - 1];
  if (!entry) throw new Error(`${type} did not come ${count} times`);
  return entry.seq;
}

test("promise 9: a job is forked while it runs elsewhere, and after its end; both take what was done as it is", async () => {
  await using shop = await openWindingJob({ hold: true });
  const waiting = (count: number) =>
    expect
      .poll(() => shop.model.requests.filter(({ outcome }) => outcome === "pending").length, { timeout: 60_000 })
      .toBe(count);
  const asked = (turn: string) => shop.model.requests.filter((one) => one.turn === turn && one.step === 1).length;
  const run = shop.run("old");
  for (const id of ["one", "two", "four"])
    await run.event((event) => event.type === "subtask.finished" && event.id === id);
  await waiting(1);
  using store = await shop.store();
  await fork(shop, "old", store.listHistory("old").length, "twin");
  const twin = shop.resume("twin");
  await waiting(2);
  shop.model.release("three");
  for (const { code, stderr } of [await run.end, await twin.end]) expect(code, stderr).toBe(0);
  expect(shop.resultFiles("old")).toEqual(windingResult);
  expect(shop.resultTree("twin")).toBe(shop.resultTree("old"));
  for (const turn of ["plan", "work-one", "work-two", "follow-up", "work-four"]) expect(asked(turn), turn).toBe(1);
  expect(asked("work-three")).toBe(2);
  const show = await shop.orch(["show", "twin"]).end;
  expect(show.stdout).toMatch(/forked from +old, after entry \d+/);

  // Two subtasks are done by then, and a third is running.
  const at = pointOf(store, "old", "xstate.done.actor.", "job", 5);
  const before = await traces(shop, "old");
  await fork(shop, "old", at, "later");
  const { code, stderr } = await shop.resume("later").end;
  expect(code, stderr).toBe(0);
  expect(shop.resultTree("later")).toBe(shop.resultTree("old"));
  for (const turn of ["plan", "work-one", "work-two", "follow-up"]) expect(asked(turn), turn).toBe(1);
  expect(asked("work-three")).toBe(3);
  expect(await traces(shop, "old")).toEqual(before);
});

test("promise 9: a fork that was killed in the middle leaves no job, and is made anew as if it had never been", async () => {
  await using shop = await openWindingJob();
  expect((await shop.run("old").end).code).toBe(0);
  using store = await shop.store();
  const end = store.listHistory("old").length;
  const folder = join(shop.repository, ".codex", "jobs", "twin");
  const before = await traces(shop, "old");
  for (const place of ["git", "worktrees/one", "worktrees/result/.git"]) {
    const killed = shop.orch(["fork", "old", "--at", String(end - 1), "--job-id", "twin"]);
    await expect.poll(() => existsSync(join(folder, place)), { interval: 2, timeout: 30_000 }).toBe(true);
    killed.kill("SIGKILL");
    expect((await killed.end).signal, place).toBe("SIGKILL");
    expect(store.getJob("twin"), place).toBeUndefined();
  }
  // At another point, where its branches are elsewhere.
  await fork(shop, "old", pointOf(store, "old", "xstate.done.actor.check", "job/three"), "twin");
  const { code, stderr } = await shop.resume("twin").end;
  expect(code, stderr).toBe(0);
  expect(shop.resultTree("twin")).toBe(shop.resultTree("old"));
  // The commands that a fork runs by itself are held as the job's own are.
  expect(readdirSync(shop.environment.HOME ?? "")).not.toContain("reached-by-setup");
  expect(readdirSync(join(shop.base, "state", "orch", "orchestrator.db.forks"))).toEqual([]);
  expect(await traces(shop, "old")).toEqual(before);
});

test("promise 9: what an agent had left and nobody had looked at yet is in the fork as it lies in the worktree", async () => {
  await using shop = await openWindingJob();
  expect((await shop.run("old").end).code).toBe(0);
  using store = await shop.store();
  const at = pointOf(store, "old", "xstate.done.actor.codex", "job/three");
  await fork(shop, "old", at, "first");
  const worktree = (jobId: string) => join(shop.repository, ".codex", "jobs", jobId, "worktrees", "three");
  expect(readFileSync(join(worktree("first"), "three.txt"), "utf8")).toBe("three\n");

  // Now it is only in the worktree of a job that stands right there.
  const drop = (jobId: string) => {
    const refs = shop
      .git("for-each-ref", "--format=%(refname)", `refs/orch/${jobId}/three/${jobId}-${at}-*`)
      .split("\n");
    expect(refs).toHaveLength(1);
    shop.git("update-ref", "-d", refs[0] as string);
  };
  drop("old");
  writeFileSync(join(worktree("first"), "more.txt"), "more\n");
  const before = await traces(shop, "first");
  await fork(shop, "first", at, "second");
  expect(shop.git("-C", worktree("second"), "status", "--porcelain")).toBe("M shared.txt\n?? more.txt\n?? three.txt");
  const asked = shop.model.requests.length;
  expect(await traces(shop, "first")).toEqual(before);
  const { code, stderr } = await shop.resume("second").end;
  expect(code, stderr).toBe(0);
  expect(shop.resultFiles("second")).toEqual({ ...windingResult, "more.txt": "more" });
  expect(turnsSince(shop, asked)).not.toContain("work-three");

  drop("second");
  const gone = await shop.orch(["fork", "second", "--at", String(at), "--job-id", "third"]).end;
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain("what the agent had left in three at that point was not kept");
  expect(existsSync(join(shop.repository, ".codex", "jobs", "third"))).toBe(false);
  expect(shop.git("for-each-ref")).not.toContain("third");
  expect(store.getJob("third")).toBeUndefined();

  for (const [args, message] of [
    [["fork", "old", "--at", "999"], "has no entry 999"],
    [["fork", "old", "--at", String(store.listHistory("old").length)], "nothing could go on from there"],
    [["fork", "old", "--at", "now"], "is not a point"],
    [["fork", "old", "--at", "5", "--job-id", "second"], "exists already"],
    [["fork", "old", "--at", "5", "--job-id", "../up"], "cannot be a job id"],
    [["fork", "none", "--at", "5"], "there is no job"],
  ] as const) {
    const wrong = await shop.orch(args).end;
    expect(wrong.code, message).toBe(2);
    expect(wrong.stderr).toContain(message);
  }
});

test("promise 9: a job that failed is forked as it stands, and the fork is retried", async () => {
  const script = planScript({ subtasks: [{ id: "part" }, { id: "other" }] });
  await using shop = await Workshop.open({ script, config: { verify: ['test -f "$HOME/mended"'], maxRepairs: 0 } });
  expect((await shop.run("old").end).code).toBe(1);
  using store = await shop.store();
  await fork(shop, "old", store.listHistory("old").length, "twin");
  const asked = shop.model.requests.length;
  expect((await shop.orch(["retry", "twin"]).end).code).toBe(0);
  writeFileSync(join(shop.environment.HOME ?? "", "mended"), "");
  const { code, stderr } = await shop.resume("twin").end;
  expect(code, stderr).toBe(0);
  expect(turnsSince(shop, asked)).toEqual([]);
  expect(Object.keys(shop.resultFiles("twin"))).toEqual(["other.txt", "part.txt"]);
  expect(store.getJob("old")?.status).toBe("failed");
});
