/** A store that fails under a running job: the run ends with a clear word or goes on, and the job is never harmed. */

import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { ActivityContext } from "../core/activity.ts";
import { type Clock, ManualClock, systemClock } from "../core/clock.ts";
import { OrchError } from "../core/errors.ts";
import { silentLogger } from "../core/log.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { JobRecord, Store } from "../store/store.ts";
import { startProgram } from "../store/testing/child-program.ts";
import { integrityOf, openCaptured } from "../store/testing/open-captured.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { tinyFileSystem } from "../store/testing/tiny-file-system.ts";
import { createEngine, type Engine } from "./engine.ts";
import { BUSY_PATIENCE_MS } from "./patience.ts";
import { aroundCommit } from "./testing/failpoint.ts";
import { firstOwner } from "./testing/harness.ts";
import { sequence } from "./testing/workflows.ts";

const lockProgram = new URL("../store/testing/lock-program.ts", import.meta.url);

const usage = { inputTokens: 5, cachedInputTokens: 0, outputTokens: 7, reasoningOutputTokens: 0 };

/** A job `first`, then `second`. Each activity says when it begins; what it does besides is the test's. */
interface World {
  readonly engine: Engine;
  readonly store: Store;
  readonly began: string[];
  readonly warnings: string[];
}

type Inside = (name: string, context: ActivityContext) => unknown;

function worldOn(store: Store, inside: Inside = () => {}, clock: Clock = systemClock): World {
  const began: string[] = [];
  const warnings: string[] = [];
  onTestFinished(() => store.close());
  const activity = (name: string) => ({
    run: async (_input: unknown, context: ActivityContext) => {
      began.push(`${name} ${context.jobId} ${context.attempt}`);
      await inside(name, context);
      return name;
    },
  });
  const engine = createEngine({
    store,
    workflows: [sequence("first", "second")],
    activities: { first: activity("first"), second: activity("second") },
    owner: firstOwner,
    isGone: () => true,
    clock,
    logFor: () => ({ ...silentLogger, warn: (message) => void warnings.push(message) }),
  });
  return { engine, store, began, warnings };
}

const begin = ({ engine }: World, jobId = "j") => engine.start({ workflow: "sequence", jobId, input: null });

async function failureOf(run: Promise<JobRecord>): Promise<OrchError> {
  const error = await run.then(
    (job) => new Error(`the run ended as ${job.status}`),
    (reason: unknown) => reason,
  );
  if (error instanceof OrchError) return error;
  throw error;
}

/** What is true after every failure of the store, once its cause is gone. */
async function expectResumable(path: string, again: readonly string[], jobId = "j", clock?: Clock): Promise<void> {
  expect(integrityOf(path)).toBe("ok");
  const world = worldOn(await openSqliteStore(path), () => {}, clock);
  expect(await world.engine.run(jobId)).toMatchObject({ status: "done", output: ["first", "second"], lease: null });
  expect(world.began).toEqual(again);
  const history = world.store.listHistory(jobId);
  expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
  expect(history).toHaveLength(3);
}

const newPath = () => join(temporaryFolder(), "orch.db");

async function startLock(path: string) {
  const program = startProgram(lockProgram, path);
  expect(await program.nextLine()).toBe("ready");
  const tell = async (word: string) => {
    program.writeLine(word);
    expect(await program.nextLine()).toBe(word);
  };
  return {
    hold: () => tell("hold"),
    release: () => tell("release"),
    kill: () => program.kill("SIGKILL"),
    end: program.end,
  };
}

/** Counts the commits that the store was too busy for. */
function countBusy(store: Store): { readonly store: Store; readonly busy: () => number } {
  let busy = 0;
  const counting = aroundCommit(store, (steps, commit) => {
    try {
      return commit(steps);
    } catch (error) {
      if (error instanceof OrchError && error.code === "database-busy") busy += 1;
      throw error;
    }
  });
  return { store: counting, busy: () => busy };
}

test("a database that another process holds for a while is waited for, and nothing of the job is lost or done twice", async () => {
  const path = newPath();
  const file = await openSqliteStore(path, { busyTimeoutMs: 20 });
  const { store, busy } = countBusy(file);
  const lock = await startLock(path);
  let turns = 0;
  const world = worldOn(store, async (name, { heartbeat, checkpoint, recordUsage }) => {
    if (name !== "first") return;
    await lock.hold();
    recordUsage("meter", usage);
    heartbeat({ n: 1 });
    const saved = checkpoint({ n: 2 });
    // The event loop is free between the tries.
    for (; turns < 200; turns++) await new Promise(setImmediate);
    await lock.release();
    await saved;
    expect(store.listActivities("j")).toMatchObject([{ heartbeat: { n: 2 } }]);
    await lock.hold();
    void (async () => {
      while (busy() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      await lock.release();
    })();
  });
  begin(world);
  expect(await world.engine.run("j")).toMatchObject({ status: "done", output: ["first", "second"] });
  expect(world.began).toEqual(["first j 1", "second j 1"]);
  expect(store.getUsage("j")).toEqual(usage);
  expect(turns).toBe(200);
  expect(busy()).toBeGreaterThanOrEqual(2);
  expect(integrityOf(path)).toBe("ok");
});

test("a shorter wait than SQLite's own is not even noticed", async () => {
  const path = newPath();
  const { store, busy } = countBusy(await openSqliteStore(path));
  const lock = await startLock(path);
  const world = worldOn(store, async (name) => {
    if (name !== "first") return;
    await lock.hold();
    // The commit of this activity's result comes meanwhile.
    void lock.release();
  });
  begin(world);
  expect(await world.engine.run("j")).toMatchObject({ status: "done" });
  expect(busy()).toBe(0);
});

test("a database that is never let go of ends the run, not the job", async () => {
  const path = newPath();
  const clock = new ManualClock();
  const lock = await startLock(path);
  const world = worldOn(
    await openSqliteStore(path, { busyTimeoutMs: 0 }),
    async (name) => {
      if (name === "first") await lock.hold();
    },
    clock,
  );
  begin(world);
  let ended = false;
  const run = failureOf(world.engine.run("j")).finally(() => {
    ended = true;
  });
  let waited = 0;
  for (; !ended; waited += 500) {
    clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const error = await run;
  expect(error).toMatchObject({ code: "database-busy", retryable: true, hint: expect.stringContaining("try again") });
  expect(error.message).toContain(path);
  expect(waited).toBeGreaterThanOrEqual(BUSY_PATIENCE_MS);
  expect(() => world.engine.signal({ jobId: "j", event: { type: "go" } })).toThrow("is held by another process");
  await lock.release();
  expect(world.store.listPendingSignals("j")).toEqual([]);
  await expectResumable(path, ["first j 2", "second j 1"], "j", clock);
});

test("a migration that is killed while a job runs leaves nothing behind, and the job goes on", async () => {
  const path = newPath();
  const { store, busy } = countBusy(await openSqliteStore(path, { busyTimeoutMs: 20 }));
  const lock = await startLock(path);
  const world = worldOn(store, async (name) => {
    if (name !== "first") return;
    await lock.hold();
    void (async () => {
      while (busy() < 1) await new Promise((resolve) => setTimeout(resolve, 5));
      lock.kill();
    })();
  });
  begin(world);
  expect(await world.engine.run("j")).toMatchObject({ status: "done" });
  expect(await lock.end).toBe("SIGKILL");
  expect(world.began).toEqual(["first j 1", "second j 1"]);
  expect(integrityOf(path)).toBe("ok");
  const sqlite = new Sqlite(path);
  expect(sqlite.prepare("select count(*) from sqlite_schema where name = 'half_made'").pluck().get()).toBe(0);
  sqlite.close();
});

test("a full database ends the run with what to do; what runs is stopped, and the job goes on when there is room", async () => {
  const path = newPath();
  const { store, sqlite } = await openCaptured(path);
  const stopped: unknown[] = [];
  const world = worldOn(store, async (name, { jobId, putArtifact, signal }) => {
    if (name === "first" && jobId === "j") {
      sqlite.pragma(`max_page_count = ${sqlite.pragma("page_count", { simple: true }) as number}`);
      putArtifact("big", "x".repeat(100_000));
    }
    if (jobId !== "other") return;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    stopped.push(signal.reason);
    throw signal.reason;
  });
  begin(world);
  begin(world, "other");
  const stop = new AbortController();
  const other = world.engine.run("other", { signal: stop.signal });
  const error = await failureOf(world.engine.run("j"));
  expect(error).toMatchObject({ code: "database-full", hint: expect.stringContaining("free some space") });
  expect(error.message).toContain(path);
  // The other job runs on until it has something to write itself.
  stop.abort();
  expect(await other).toMatchObject({ status: "running" });
  expect(stopped).toMatchObject([{ reason: "shutdown" }]);
  store.close();
  await expectResumable(path, ["first j 2", "second j 1"]);
  await expectResumable(path, ["first other 2", "second other 1"], "other");
});

test("a checkpoint that finds the database full is the run's failure, not the activity's", async () => {
  const path = newPath();
  const { store, sqlite } = await openCaptured(path);
  const world = worldOn(store, async (_name, { checkpoint }) => {
    sqlite.pragma(`max_page_count = ${sqlite.pragma("page_count", { simple: true }) as number}`);
    await checkpoint({ big: "x".repeat(100_000) });
  });
  begin(world);
  expect((await failureOf(world.engine.run("j"))).code).toBe("database-full");
  expect(store.listActivities("j")).toMatchObject([{ status: "scheduled", attempt: 1, failures: 0, error: null }]);
  store.close();
  await expectResumable(path, ["first j 2", "second j 1"]);
});

test("a full disk is told as one, whichever write meets it, and the job goes on when there is room", async ({
  skip,
}) => {
  const folder = tinyFileSystem(1024);
  if (folder === undefined) return skip("no file system can be mounted here");
  const path = join(folder, "orch.db");
  const ballast = join(folder, "ballast");
  const world = worldOn(await openSqliteStore(path), (name, { putArtifact }) => {
    if (name !== "first") return;
    // Whatever is free.
    expect(() => writeFileSync(ballast, Buffer.alloc(4 << 20))).toThrow("ENOSPC");
    putArtifact("big", "x".repeat(50_000));
  });
  begin(world);
  const error = await failureOf(world.engine.run("j"));
  expect(error).toMatchObject({ code: "database-full", hint: expect.stringContaining("free some space") });
  world.store.close();
  rmSync(ballast);
  await expectResumable(path, ["first j 2", "second j 1"]);
});

test("a database that cannot be written any more ends the run, and the job goes on when it can", async () => {
  const path = newPath();
  const { store, sqlite } = await openCaptured(path);
  const world = worldOn(store, (name) => {
    if (name === "first") sqlite.pragma("query_only = on");
  });
  begin(world);
  const error = await failureOf(world.engine.run("j"));
  expect(error).toMatchObject({ code: "database-read-only", hint: expect.stringContaining("writable") });
  expect(world.warnings).toEqual([expect.stringContaining("could not be released")]);
  store.close();
  await expectResumable(path, ["first j 2", "second j 1"]);
});

/** Root may write whatever it likes: the test goes on as somebody else. */
function asNobody<Result>(act: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65_534);
  return act().finally(() => process.seteuid?.(0));
}

test.each([
  ["file", 0o444, 0o777],
  ["folder", 0o666, 0o555],
])("a read-only %s is told as one before anything of the job is begun", async (_what, fileMode, folderMode) => {
  const path = newPath();
  const before = worldOn(await openSqliteStore(path));
  begin(before);
  before.store.close();
  chmodSync(path, fileMode);
  chmodSync(dirname(path), folderMode);
  const began: string[] = [];
  const error = await asNobody(() =>
    failureOf(
      (async () => {
        const store = await openSqliteStore(path);
        return worldOn(store, (name) => void began.push(name)).engine.run("j");
      })(),
    ),
  );
  expect(error).toMatchObject({ code: "database-read-only", hint: expect.stringContaining("writable") });
  expect(error.message).toContain(path);
  expect(began).toEqual([]);
  chmodSync(dirname(path), 0o755);
  chmodSync(path, 0o644);
  await expectResumable(path, ["first j 1", "second j 1"]);
});
