/** Which files are taken as a database, and how they are left. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { OrchError } from "../../core/errors.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openSqliteStore } from "./open.ts";

async function refusal(path: string): Promise<OrchError> {
  try {
    (await openSqliteStore(path)).close();
  } catch (error) {
    if (error instanceof OrchError) return error;
    throw error;
  }
  throw new Error(`${path} was taken`);
}

/** Every file of the folder with its bytes. */
const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")]));

async function orchDatabase(): Promise<string> {
  const path = join(temporaryFolder(), "orch.db");
  (await openSqliteStore(path)).close();
  return path;
}

function change(path: string, sql: string): void {
  const sqlite = new Sqlite(path);
  sqlite.exec(sql);
  sqlite.close();
}

test("every connection writes ahead, and fully: a commit survives a power cut", async () => {
  const used = new Set<Sqlite.Database>();
  const { pragma } = Sqlite.prototype;
  Sqlite.prototype.pragma = function (this: Sqlite.Database, ...args: Parameters<typeof pragma>) {
    used.add(this);
    return pragma.apply(this, args);
  };
  onTestFinished(() => {
    Sqlite.prototype.pragma = pragma;
  });
  const path = join(temporaryFolder(), "orch.db");
  // The first makes the file, the second finds it made.
  const stores = [await openSqliteStore(path), await openSqliteStore(path)];
  const open = [...used].filter((sqlite) => sqlite.open);
  expect(open).toHaveLength(2);
  for (const sqlite of open) {
    expect(sqlite.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(sqlite.pragma("synchronous", { simple: true })).toBe(2);
    expect(sqlite.pragma("busy_timeout", { simple: true })).toBeGreaterThan(0);
  }
  for (const store of stores) store.close();
});

test("a new database and its folder are their owner's alone", async () => {
  const mask = process.umask(0);
  onTestFinished(() => void process.umask(mask));
  const path = join(temporaryFolder(), "state", "orch.db");
  const store = await openSqliteStore(path);
  const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
  expect([path, `${path}-wal`, `${path}-shm`].map(mode)).toEqual(["600", "600", "600"]);
  expect(mode(dirname(path))).toBe("700");
  store.close();
});

test("a database that is up to date is opened without a change", async () => {
  const path = await orchDatabase();
  const before = contents(dirname(path));
  (await openSqliteStore(path)).close();
  expect(contents(dirname(path))).toEqual(before);
});

test("an empty file becomes a database", async () => {
  const path = join(temporaryFolder(), "orch.db");
  writeFileSync(path, "");
  const store = await openSqliteStore(path);
  expect(store.listJobs({ limit: 1 })).toEqual([]);
  store.close();
});

test("a database of a newer orch is refused, and stays as it was", async () => {
  const path = await orchDatabase();
  change(path, "insert into kysely_migration values ('999-from-the-future', '2040-01-01')");
  const before = contents(dirname(path));
  const error = await refusal(path);
  expect(error).toMatchObject({ code: "database-newer", hint: expect.stringContaining("update orch") });
  expect(error.message).toBe(`${path} was written by a newer orch (it has 999-from-the-future)`);
  expect(contents(dirname(path))).toEqual(before);
});

test.each([
  ["without a mark of its own", ""],
  ["with a mark of its own", "pragma application_id = 7;"],
  ["that has our mark's neighbour", "pragma application_id = 1869767529;"],
])("another program's database %s is refused, and stays as it was", async (_name, pragma) => {
  const path = join(temporaryFolder(), "theirs.db");
  change(path, `${pragma} create table theirs (x); insert into theirs values (1);`);
  const before = contents(dirname(path));
  expect(await refusal(path)).toMatchObject({
    code: "database-foreign",
    hint: expect.stringContaining("ORCHESTRATOR_DB_PATH"),
  });
  expect(contents(dirname(path))).toEqual(before);
});

test("another program's database whose newest content is still in its log stays as it was", async () => {
  const folder = temporaryFolder();
  const running = new Sqlite(join(folder, "running.db"));
  onTestFinished(() => void running.close());
  running.pragma("journal_mode = wal");
  running.exec("create table theirs (x); insert into theirs values (1)");
  // A copy of the files of a program that died.
  const path = join(folder, "died", "theirs.db");
  mkdirSync(dirname(path));
  copyFileSync(join(folder, "running.db"), path);
  copyFileSync(join(folder, "running.db-wal"), `${path}-wal`);
  const before = contents(dirname(path));
  expect((await refusal(path)).code).toBe("database-foreign");
  expect(contents(dirname(path))).toMatchObject(before);
  const theirs = new Sqlite(path);
  expect(theirs.prepare("select x from theirs").pluck().all()).toEqual([1]);
  theirs.close();
});

test("our own database whose newest content is still in its log is taken", async () => {
  const folder = temporaryFolder();
  const running = await openSqliteStore(join(folder, "running.db"));
  onTestFinished(() => running.close());
  const path = join(folder, "died", "orch.db");
  mkdirSync(dirname(path));
  copyFileSync(join(folder, "running.db"), path);
  copyFileSync(join(folder, "running.db-wal"), `${path}-wal`);
  const store = await openSqliteStore(path);
  expect(store.listJobs({ limit: 1 })).toEqual([]);
  store.close();
});

test.each([
  ["a text", "my notes\n".repeat(1000)],
  ["a short text", "x"],
  ["a text that begins like a database", `SQLite format 3\u0000${"x".repeat(5000)}`],
])("%s is refused, and stays as it was", async (_name, text) => {
  const path = join(temporaryFolder(), "notes.txt");
  writeFileSync(path, text);
  expect(await refusal(path)).toMatchObject({ code: "database-unreadable", hint: expect.any(String) });
  expect(contents(dirname(path))).toEqual({ "notes.txt": Buffer.from(text).toString("base64") });
});

test("a database that was cut short is refused, and stays as it was", async () => {
  const path = await orchDatabase();
  truncateSync(path, 6000);
  const before = contents(dirname(path));
  expect((await refusal(path)).code).toBe("database-damaged");
  expect(contents(dirname(path))).toEqual(before);
});

test("a folder, or a path below a file, is refused", async () => {
  const folder = temporaryFolder();
  expect((await refusal(folder)).code).toBe("database-unreadable");
  writeFileSync(join(folder, "file"), "");
  expect((await refusal(join(folder, "file", "orch.db"))).code).toBe("database-unreadable");
});
