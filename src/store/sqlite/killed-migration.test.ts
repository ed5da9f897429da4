/** A process that dies while it makes or changes the tables leaves all of the change or nothing. */

import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { migrations } from "../../../migrations/index.ts";
import { startProgram } from "../testing/child-program.ts";
import { integrityOf } from "../testing/open-captured.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openSqliteStore } from "./open.ts";

const program = new URL("../testing/migrate-program.ts", import.meta.url);

const newPath = () => join(temporaryFolder(), "orch.db");

function tablesOf(path: string): unknown[] {
  const sqlite = new Sqlite(path);
  try {
    return sqlite.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
  } finally {
    sqlite.close();
  }
}

test("killed before any of its statements, a migration is done whole by the next process, or was", async () => {
  const whole = newPath();
  const all = startProgram(program, whole, "never");
  const statements = Number(await all.nextLine());
  await all.end;
  expect(statements).toBeGreaterThan(20);
  const tables = tablesOf(whole);

  const kill = async (number: number) => {
    const path = newPath();
    expect(await startProgram(program, path, String(number)).end, `${number}`).toBe("SIGKILL");
    const left = tablesOf(path);
    expect([[], tables], `${number}: the tables are half made`).toContainEqual(left);
    expect(integrityOf(path), `${number}`).toBe("ok");
    const store = await openSqliteStore(path);
    expect(
      store.createJob({ id: "j", workflow: "w", version: 1, definitionHash: "", input: 1, labels: {}, now: 1 }),
    ).toBe(true);
    store.close();
    expect(tablesOf(path), `${number}`).toEqual(tables);
  };
  const numbers = Array.from({ length: statements }, (_, index) => index + 1);
  // Every third, from a place that the number of migrations moves: over time it is all of them.
  const chosen = numbers.filter(
    (number) => (number + Object.keys(migrations).length) % 3 === 0 || number > statements - 3,
  );
  const next = async () => {
    for (let number = chosen.shift(); number !== undefined; number = chosen.shift()) await kill(number);
  };
  await Promise.all([next(), next(), next()]);
});
