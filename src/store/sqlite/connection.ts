/**
 * One connection to a SQLite file: Kysely writes the SQL and checks its types, better-sqlite3 runs it at once.
 *
 * Kysely's own driver prepares each statement anew and opens transactions that become writers too late (`BEGIN
 * DEFERRED` fails with SQLITE_BUSY_SNAPSHOT when another process wrote in between). Here each statement is prepared once
 * for its text, and a write transaction takes the lock first. Whatever SQLite throws leaves as an `OrchError`.
 */

import type Sqlite from "better-sqlite3";
import type { Compilable, Kysely } from "kysely";
import type { Outcome } from "../store.ts";
import type { Schema } from "./schema.ts";
import { damaged, toStoreError } from "./store-error.ts";

type Params = Readonly<Record<string, unknown>>;

export class Connection {
  readonly #sqlite: Sqlite.Database;
  readonly #path: string;
  readonly #statements = new Map<string, Sqlite.Statement<unknown[]>>();
  readonly #transaction: Sqlite.Transaction<(body: () => unknown) => unknown>;
  #isTogether = false;
  #onCommit = () => {};
  /** Builds queries; it is never asked to run them. */
  readonly queries: Kysely<Schema>;

  /** @param path of the file, as errors name it */
  constructor(sqlite: Sqlite.Database, queries: Kysely<Schema>, path: string) {
    this.#sqlite = sqlite;
    this.#path = path;
    this.queries = queries;
    this.#transaction = sqlite.transaction((body: () => unknown) => body());
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.#guard(() => this.#statement(sql).all(...parameters)) as Row[];
  }

  get<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.#guard(() => this.#statement(sql).get(...parameters)) as Row | undefined;
  }

  /** The number of rows that the statement changed. */
  run(query: Compilable): number {
    const { sql, parameters } = query.compile();
    return this.#guard(() => this.#statement(sql).run(...parameters)).changes;
  }

  /** The number of the row that the statement added. */
  insert(query: Compilable): number {
    const { sql, parameters } = query.compile();
    return Number(this.#guard(() => this.#statement(sql).run(...parameters)).lastInsertRowid);
  }

  /** Makes records of rows. What cannot be read any more was not written by us. */
  read<Row, Entry>(rows: readonly Row[], toRecord: (row: Row) => Entry): Entry[] {
    try {
      return rows.map(toRecord);
    } catch (error) {
      throw damaged(this.#path, error);
    }
  }

  /**
   * Compiles a statement once, for the hot path. Values that differ from call to call stand in the query as
   * `param("name")`; the function that comes back takes them by name and returns the number of changed rows.
   */
  prepare<Named extends Params>(query: Compilable): (params: Named) => number {
    const { statement, bind } = this.#compile(query);
    return (params) => {
      try {
        return statement.run(bind(params)).changes;
      } catch (error) {
        throw toStoreError(error, this.#path);
      }
    };
  }

  /** The same for a query: the function that comes back returns its rows. */
  prepareRows<Row>(query: Compilable<Row>): (params: Params) => Row[] {
    const { statement, bind } = this.#compile(query);
    return (params) => {
      try {
        return statement.all(bind(params)) as Row[];
      } catch (error) {
        throw toStoreError(error, this.#path);
      }
    };
  }

  /** The same for a question: whether there is any row. */
  prepareCheck<Named extends Params>(query: Compilable): (params: Named) => boolean {
    const { statement, bind } = this.#compile(query);
    statement.raw();
    return (params) => {
      try {
        return statement.get(bind(params)) !== undefined;
      } catch (error) {
        throw toStoreError(error, this.#path);
      }
    };
  }

  #compile(query: Compilable) {
    const { sql, parameters } = query.compile();
    const bind = (params: Params) =>
      parameters.map((value) => (value instanceof Parameter ? params[value.name] : value));
    return { statement: this.#sqlite.prepare<[unknown[]]>(sql), bind };
  }

  /** Runs each of them in the same transaction, as one that can be undone by itself. */
  together<Result>(bodies: readonly (() => Result)[]): Outcome<Result>[] {
    return this.write(() => {
      this.#isTogether = true;
      try {
        return bodies.map((body) => this.#outcome(body));
      } finally {
        this.#isTogether = false;
      }
    });
  }

  #outcome<Result>(body: () => Result): Outcome<Result> {
    try {
      return { ok: true, result: this.savepoint(body) };
    } catch (error) {
      // A disk that is full undoes the whole transaction.
      if (!this.#sqlite.inTransaction) throw error;
      return { ok: false, error };
    }
  }

  /**
   * Runs `body` in one transaction that holds the write lock from its start; a throw undoes all of it. Among what is
   * written together it is a part of that transaction.
   */
  write<Result>(body: () => Result): Result {
    if (this.#isTogether) return this.savepoint(body);
    // One that a failed rollback left open would swallow this one: its end would commit nothing.
    if (this.#sqlite.inTransaction) throw new Error("a write transaction was begun inside another");
    const result = this.#guard(() => this.#transaction.immediate(body)) as Result;
    this.#onCommit();
    return result;
  }

  /** Calls back after each write transaction of this connection. */
  onCommit(callback: () => void): void {
    this.#onCommit = callback;
  }

  /** A part of a write transaction that can be undone by itself, by throwing. */
  savepoint<Result>(body: () => Result): Result {
    return this.#guard(() => this.#transaction(body)) as Result;
  }

  /** A number of SQLite's that changes only when another connection has changed the file. */
  dataVersion(): unknown {
    return this.#guard(() => this.#statement("pragma data_version").pluck().get());
  }

  /** Rewrites the file without what was deleted, and empties the log beside it as far as no other process reads it. */
  compact(): void {
    this.#guard(() => {
      this.#sqlite.exec("vacuum");
      this.#sqlite.pragma("wal_checkpoint(truncate)");
    });
  }

  close(): void {
    this.#sqlite.close();
  }

  #guard<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw toStoreError(error, this.#path);
    }
  }

  #statement(sql: string): Sqlite.Statement<unknown[]> {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sqlite.prepare<unknown[]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

class Parameter {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Stands for a value that `prepare` is given later. Typed as whatever the column wants. */
export function param(name: string): never {
  return new Parameter(name) as never;
}
