/** What a database of an earlier orch holds is all there after its tables were brought up to date. */

import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, test } from "vitest";
import { migrations } from "../../../migrations/index.ts";
import { integrityOf } from "../testing/open-captured.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openSqliteStore } from "./open.ts";

/** A database as the orch of that migration left it, with rows in each table that later migrations rebuild. */
async function databaseOf(last: string): Promise<string> {
  const path = join(temporaryFolder(), "orch.db");
  const database = new Sqlite(path);
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  const { error } = await new Migrator({ db, provider }).migrateTo(last);
  if (error) throw error;
  database.pragma(`application_id = ${0x6f726368}`);
  database.exec(`
    insert into jobs (id, workflow, version, definition_hash, status, input_json, labels_json, created_at, updated_at,
      next_seq) values ('j', 'w', 1, 'hash', 'running', '{}', '{}', 1, 2, 3);
    insert into actors values ('j', 'job', 'w', 1, 'hash', 'active', '{"value":"a"}', 2);
    insert into history values ('j', 2, 'job', '{"type":"b"}', '"a"', 'h2', '[]', 20), ('j', 1, 'job', '{"type":"a"}', '"a"', 'h1', '[1]', 10);
    insert into artifacts values ('j', 'plan', 1, '"first"'), ('j', 'plan', 2, '"second"');
  `);
  await db.destroy();
  return path;
}

test.each(Object.keys(migrations))("a database of %s keeps all that it holds", async (name) => {
  const path = await databaseOf(name);
  const store = await openSqliteStore(path);
  expect(store.getJob("j")).toMatchObject({ definitionHash: "hash", nextSeq: 3 });
  expect(store.listActors("j")).toMatchObject([{ id: "job", snapshot: '{"value":"a"}', updatedSeq: 2 }]);
  expect(store.listHistory("j")).toMatchObject([
    { seq: 1, event: { type: "a" }, snapshotHash: "h1", effects: [1], at: 10 },
    { seq: 2, event: { type: "b" }, snapshotHash: "h2", effects: [], at: 20 },
  ]);
  expect(store.getArtifact("j", "plan")).toMatchObject({ seq: 2, content: "second" });
  store.close();
  expect(integrityOf(path)).toBe("ok");
});
