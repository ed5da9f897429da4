/** Opens a database file: settings, checks that it is ours and not newer than we are, migrations. */

import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { migrations } from "../../../migrations/index.ts";
import { errorMessage, OrchError, UsageError } from "../../core/errors.ts";
import { ChangeFeed } from "./change-feed.ts";
import { Connection } from "./connection.ts";
import type { Schema } from "./schema.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { toStoreError } from "./store-error.ts";

/** "orch" in ASCII: `file` and we ourselves can tell an orch database from any other. */
const APPLICATION_ID = 0x6f726368;

/** Bytes of the smallest page that SQLite knows. */
const SMALLEST_DATABASE = 512;

/** How long a statement waits for another process's transaction; these take milliseconds. Nothing else happens meanwhile. */
const BUSY_TIMEOUT_MS = 5000;
const BUSY_PAUSE_MS = 20;

export interface OpenOptions {
  /** How long a statement waits, once the file is open. The event loop waits with it. Default: 5 seconds. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens the database, making it if it is missing, and brings its tables up to date.
 *
 * @param path of the file, or `:memory:`
 * @throws UsageError `database-unreadable`, `database-foreign`, `database-newer`
 * @throws OrchError `database-migration-failed`, or one of `StoreErrorCode`; in each case the file is left as it was
 */
export async function openSqliteStore(path: string, options: OpenOptions = {}): Promise<SqliteStore> {
  const inMemory = path === ":memory:";
  if (!inMemory) lookFirst(path);
  const sqlite = openFile(path, inMemory);
  try {
    await whileBusy(() => checkIsOurs(sqlite, path));
    await applySettings(sqlite, inMemory);
    const queries = new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) });
    await migrate(sqlite, queries, path);
    if (options.busyTimeoutMs !== undefined) sqlite.pragma(`busy_timeout = ${options.busyTimeoutMs}`);
    const connection = new Connection(sqlite, queries, path);
    return new SqliteStore(connection, inMemory ? null : new ChangeFeed(connection, path));
  } catch (error) {
    sqlite.close();
    throw unreadable(path, error);
  }
}

function openFile(path: string, inMemory: boolean): Sqlite.Database {
  try {
    if (!inMemory) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const isNew = !inMemory && !existsSync(path);
    const sqlite = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
    // Tasks and plans may hold what only their owner should read.
    if (isNew) chmodSync(path, 0o600);
    return sqlite;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * What may not be ours is looked at before SQLite opens it for writing. A file too small for a database is an empty one
 * to SQLite, which would write over it. A file with a log beside it gets the log's content when a writer closes it.
 */
function lookFirst(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 && size < SMALLEST_DATABASE) throw unreadable(path, new Error("it is not a database"));
  if (size === 0 || !existsSync(`${path}-wal`)) return;
  try {
    const sqlite = new Sqlite(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      checkIsOurs(sqlite, path);
      isUpToDate(sqlite, path);
    } finally {
      sqlite.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Reads only, so that a file that is not ours stays bit for bit what it was. */
function checkIsOurs(sqlite: Sqlite.Database, path: string): void {
  const id = sqlite.pragma("application_id", { simple: true });
  const tables = sqlite.prepare("select count(*) as count from sqlite_schema").get() as { count: number };
  if (id === APPLICATION_ID || (id === 0 && tables.count === 0)) return;
  throw new UsageError(`${path} is a SQLite database of another program`, {
    code: "database-foreign",
    hint: "point ORCHESTRATOR_DB_PATH at another file",
  });
}

async function applySettings(sqlite: Sqlite.Database, inMemory: boolean): Promise<void> {
  sqlite.pragma("foreign_keys = on");
  if (inMemory) return;
  const mode = await whileBusy(() => sqlite.pragma("journal_mode = wal", { simple: true }));
  if (mode !== "wal") throw new Error(`the file system does not support SQLite's write-ahead log (mode ${mode})`);
  // A commit stands before each act that costs money or leaves the machine: it must survive a power cut.
  sqlite.pragma("synchronous = full");
  const synchronous = sqlite.pragma("synchronous", { simple: true });
  if (synchronous !== 2) throw new Error(`SQLite did not take synchronous=FULL (it says ${synchronous})`);
}

/**
 * Of several processes that turn a new file's log on at the same time, SQLite refuses some at once, without the time that it
 * waits elsewhere: each holds what the others wait for.
 */
async function whileBusy<Result>(act: () => Result): Promise<Result> {
  for (const until = performance.now() + BUSY_TIMEOUT_MS; ; ) {
    try {
      return act();
    } catch (error) {
      const isBusy = error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || performance.now() > until) throw error;
      await sleep(BUSY_PAUSE_MS);
    }
  }
}

async function migrate(sqlite: Sqlite.Database, queries: Kysely<Schema>, path: string): Promise<void> {
  if (await whileBusy(() => isUpToDate(sqlite, path))) return;
  // Kysely runs SQLite migrations outside of a transaction. This one makes them atomic, and makes a second process that
  // opens the file at the same time wait, and then find the work done.
  await whileBusy(() => sqlite.exec("begin immediate"));
  try {
    if (!isUpToDate(sqlite, path)) {
      const provider = { getMigrations: async () => ({ ...migrations }) };
      const { error } = await new Migrator({ db: queries, provider }).migrateToLatest();
      if (error) throw error;
      sqlite.pragma(`application_id = ${APPLICATION_ID}`);
    }
    sqlite.exec("commit");
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec("rollback");
    const cause = toStoreError(error, path);
    if (cause instanceof OrchError) throw cause;
    throw new OrchError(`the tables of ${path} could not be brought up to date: ${errorMessage(error)}`, {
      code: "database-migration-failed",
      hint: "nothing was changed; check the disk's free space and the file's permissions",
      cause: error,
    });
  }
}

/** Compares the migrations that the file has seen with those that we know. */
function isUpToDate(sqlite: Sqlite.Database, path: string): boolean {
  const table = sqlite.prepare("select 1 from sqlite_schema where name = 'kysely_migration'").get();
  if (!table) return false;
  const applied = sqlite.prepare("select name from kysely_migration order by name").pluck().all() as string[];
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new UsageError(`${path} was written by a newer orch (it has ${unknown.join(", ")})`, {
      code: "database-newer",
      hint: "update orch, or point ORCHESTRATOR_DB_PATH at another file",
    });
  }
  return applied.length === Object.keys(migrations).length;
}

/** A file that the user has to choose anew, or to put in order: what is no database, what cannot be opened at all. */
function unreadable(path: string, thrown: unknown): OrchError {
  if (thrown instanceof OrchError) return thrown;
  const known = toStoreError(thrown, path);
  const isKnown = known instanceof OrchError && known.code !== "database-failed" && !isNoDatabase(thrown);
  if (isKnown) return known;
  return new UsageError(`${path} cannot be used as a database: ${errorMessage(thrown)}`, {
    code: "database-unreadable",
    hint: "check the path, its permissions and the file; a damaged file can be moved away, orch then makes a new one",
    cause: thrown,
  });
}

function isNoDatabase(thrown: unknown): boolean {
  return thrown instanceof Sqlite.SqliteError && thrown.code === "SQLITE_NOTADB";
}
