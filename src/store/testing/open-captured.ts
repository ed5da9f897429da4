/** Opens a store and keeps hold of its connection, for what a test must do to the connection itself. */

import Sqlite from "better-sqlite3";
import { openSqliteStore } from "../sqlite/open.ts";
import type { Store } from "../store.ts";

export interface CapturedStore {
  readonly store: Store;
  readonly sqlite: Sqlite.Database;
}

export async function openCaptured(path: string, busyTimeoutMs?: number): Promise<CapturedStore> {
  const used = new Set<Sqlite.Database>();
  const { pragma } = Sqlite.prototype;
  Sqlite.prototype.pragma = function (this: Sqlite.Database, ...args: Parameters<typeof pragma>) {
    used.add(this);
    return pragma.apply(this, args);
  };
  try {
    const store = await openSqliteStore(path, busyTimeoutMs === undefined ? {} : { busyTimeoutMs });
    const sqlite = [...used].findLast(({ open }) => open);
    if (!sqlite) throw new Error("the store has no connection");
    return { store, sqlite };
  } finally {
    Sqlite.prototype.pragma = pragma;
  }
}

/** What SQLite says of the file as a whole: `ok`, or what is wrong. */
export function integrityOf(path: string): unknown {
  const sqlite = new Sqlite(path);
  try {
    return sqlite.pragma("integrity_check", { simple: true });
  } finally {
    sqlite.close();
  }
}
