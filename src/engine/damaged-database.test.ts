/** Bytes of a database's file that are not what was written: said as such, and only to the job that they belong to. */

import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { OrchError } from "../core/errors.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { integrityOf } from "../store/testing/open-captured.ts";
import { temporaryFolder } from "../store/testing/temporary-folder.ts";
import { createEngine } from "./engine.ts";
import { firstOwner } from "./testing/harness.ts";
import { sequence } from "./testing/workflows.ts";

const JOBS = ["a", "b", "c"];
/** In the snapshot of each job, long enough for pages of their own. */
const longText = (jobId: string) => `${jobId} `.repeat(5000);

async function open(path: string) {
  const store = await openSqliteStore(path);
  onTestFinished(() => store.close());
  const waiting = { run: () => Promise.resolve("second") };
  const engine = createEngine({
    store,
    workflows: [sequence("first", "second")],
    activities: { first: { run: async (_input, { jobId }) => longText(jobId) }, second: waiting },
    owner: firstOwner,
    isGone: () => true,
  });
  return { store, engine };
}

/** Three jobs at rest: each has done its `first` and is stopped in its `second`. */
async function jobsAtRest(): Promise<string> {
  const path = join(temporaryFolder(), "orch.db");
  const { store, engine } = await open(path);
  for (const jobId of JOBS) {
    const stop = new AbortController();
    engine.start({ workflow: "sequence", jobId, input: null });
    await engine.run(jobId, {
      signal: stop.signal,
      onUpdate: (update) => {
        if (update.type === "step" && update.step.seq === 2) stop.abort();
      },
    });
    expect(store.getJob(jobId)).toMatchObject({ status: "running", nextSeq: 3, lease: null });
  }
  store.close();
  return path;
}

function overwrite(path: string, offset: number, bytes: Buffer): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

/** The pages of a table: those of its rows, and those that long texts run over to. */
function pagesOf(
  path: string,
  table: string,
): { readonly page: number; readonly kind: string; readonly size: number }[] {
  const sqlite = new Sqlite(path, { readonly: true });
  try {
    return sqlite
      .prepare("select pageno as page, pagetype as kind, pgsize as size from dbstat where name = ? order by path")
      .all(table) as { page: number; kind: string; size: number }[];
  } finally {
    sqlite.close();
  }
}

test("a damaged page in the middle is told as damage, other jobs go on, and with the page back the job does", async () => {
  const path = await jobsAtRest();
  const whole = `${path}.whole`;
  copyFileSync(path, whole);
  // A page that the text of job "a" alone runs over to.
  const bytes = readFileSync(path);
  const first = pagesOf(path, "actors").find(
    ({ kind, page, size }) =>
      kind === "overflow" && bytes.subarray((page - 1) * size, page * size).includes("a a a a a a"),
  );
  if (!first) throw new Error("there is no such page");
  overwrite(path, (first.page - 1) * first.size, Buffer.alloc(first.size, 0xff));
  expect(integrityOf(path)).not.toBe("ok");

  const { store, engine } = await open(path);
  const error = await engine.run("a").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OrchError);
  expect(error).toMatchObject({ code: expect.stringMatching(/^(database-damaged|snapshot-unreadable)$/) });
  expect((error as OrchError).hint).toBeTruthy();
  expect(store.getJob("a")).toMatchObject({ status: "running", nextSeq: 3, lease: null });
  for (const jobId of ["b", "c"]) {
    expect(await engine.run(jobId)).toMatchObject({ status: "done", output: [longText(jobId), "second"] });
  }
  store.close();

  // As from a backup.
  copyFileSync(whole, path);
  const again = await open(path);
  expect(await again.engine.run("a")).toMatchObject({ status: "done", output: [longText("a"), "second"] });
  expect(integrityOf(path)).toBe("ok");
});

async function expectListed(path: string, place: string): Promise<void> {
  const { store } = await open(path);
  for (const listed of [
    store.listJobs({ limit: 100 }),
    store.listOpenJobs(),
    store.reads.listJobsBefore({ limit: 100 }),
  ]) {
    expect(listed.map(({ id, status }) => [id, status]).sort(), place).toEqual(JOBS.map((id) => [id, "running"]));
  }
  store.close();
}

test.each(["jobs", "actors", "history", "sqlite_autoindex_history_1", "activities"])(
  "wherever a page of %s is damaged, each job says so or is done as it should be, and all are listed",
  async (table) => {
    const path = await jobsAtRest();
    const whole = `${path}.whole`;
    copyFileSync(path, whole);
    for (const { page, size } of pagesOf(path, table)) {
      copyFileSync(whole, path);
      overwrite(path, (page - 1) * size, Buffer.alloc(size, 0xff));
      if (table !== "jobs") await expectListed(path, `${table}, page ${page}`);
      for (const jobId of JOBS) {
        const place = `${table}, page ${page}, job ${jobId}`;
        const outcome = await open(path).then(
          async ({ store, engine }) => {
            const result = await engine.run(jobId).catch((reason: unknown) => reason);
            store.close();
            return result;
          },
          (reason: unknown) => reason,
        );
        if (outcome instanceof Error) {
          expect(outcome, place).toBeInstanceOf(OrchError);
          expect((outcome as OrchError).code, place).toMatch(/^(database-damaged|snapshot-unreadable|job-unknown)$/);
        } else expect(outcome, place).toMatchObject({ status: "done", output: [longText(jobId), "second"] });
      }
    }
  },
);
