/** Promise 9, on real jobs: `orch fork` from any point, with real Codex, real git and a scripted model that counts. */

import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codingRegistry } from "../src/coding-workflows.ts";
import { replay } from "../src/engine/replay.ts";
import type { Store } from "../src/store/store.ts";
import { openWindingJob, windingResult } from "./support/winding-job.ts";
import type { Workshop } from "./support/workshop.ts";

/** Which points are tried: all with `FORK_POINTS=all`, else so many of them, chosen by the seed. */
const { FORK_POINTS = "6", FORK_SEED = String(Date.now() % 100_000) } = process.env;

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
