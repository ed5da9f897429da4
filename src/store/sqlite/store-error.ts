/** The one place where what SQLite says becomes an error of ours: what happened to which file, and what to do next. */

import { SqliteError } from "better-sqlite3";
import { errorMessage, OrchError } from "../../core/errors.ts";

/** What is wrong with a database file, as codes of `OrchError`. In each case nothing of the write was kept. */
export type StoreErrorCode =
  /** Another process has held the lock for too long. It may be tried again. */
  | "database-busy"
  | "database-full"
  | "database-read-only"
  | "database-damaged"
  /** The disk, the file system, or a mistake of ours. */
  | "database-failed";

const WORDS: Readonly<Record<StoreErrorCode, { readonly what: string; readonly hint: string }>> = {
  "database-busy": {
    what: "is held by another process that does not let go of it",
    hint: "try again; if it stays so, end what holds the file open (a sqlite3 shell, a backup)",
  },
  "database-full": {
    what: "cannot grow: its disk or its quota is full",
    hint: "free some space on the disk that it is on, then try again",
  },
  "database-read-only": {
    what: "cannot be written",
    hint: "make the file and its folder writable for you, then try again",
  },
  "database-damaged": {
    what: "is damaged",
    hint: 'keep a copy of it; "sqlite3 FILE .recover | sqlite3 NEW" saves what can be read, ORCHESTRATOR_DB_PATH chooses the file',
  },
  "database-failed": {
    what: "failed",
    hint: "check the disk and the file, then try again",
  },
};

/** What SQLite threw, in our words; anything else as it is. */
export function toStoreError(thrown: unknown, path: string): unknown {
  return thrown instanceof SqliteError ? storeError(codeOf(thrown.code), path, thrown) : thrown;
}

/** For what SQLite cannot know: a value that it gave back is not what was put in. */
export function damaged(path: string, cause: unknown): OrchError {
  return storeError("database-damaged", path, cause);
}

function storeError(code: StoreErrorCode, path: string, cause: unknown): OrchError {
  const { what, hint } = WORDS[code];
  return new OrchError(`the database ${path} ${what} (${errorMessage(cause)})`, {
    code,
    hint,
    retryable: code === "database-busy",
    cause,
  });
}

/** @param sqlite the extended code: `SQLITE_IOERR_WRITE` */
function codeOf(sqlite: string): StoreErrorCode {
  // The log's index could not grow: what a full disk looks like where SQLite maps memory.
  if (sqlite === "SQLITE_IOERR_SHMSIZE") return "database-full";
  // It was moved or removed under our hands: that it cannot be written is not the trouble.
  if (sqlite === "SQLITE_READONLY_DBMOVED") return "database-failed";
  switch (sqlite.split("_")[1]) {
    case "BUSY":
    case "LOCKED":
      return "database-busy";
    case "FULL":
      return "database-full";
    case "READONLY":
    case "PERM":
      return "database-read-only";
    case "CORRUPT":
    case "NOTADB":
      return "database-damaged";
    default:
      return "database-failed";
  }
}
