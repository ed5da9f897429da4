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
  fill(database);
  await db.destroy();
  return path;
}

/** Three jobs: the id of one is the beginning of an effect's id of another. */
function fill(database: Sqlite.Database): void {
  const columns = database.prepare("select name from pragma_table_info('history')").pluck().all() as string[];
  const isFound = columns.includes("first_activity");
  const insert = (table: string, row: Readonly<Record<string, unknown>>) => {
    const names = Object.keys(row);
    const places = names.map((name) => `@${name}`);
    database.prepare(`insert into ${table} (${names.join(", ")}) values (${places.join(", ")})`).run(row);
  };
  for (const id of ["j", "j:2", "k"]) {
    const job = { id, workflow: "w", version: 1, definition_hash: "hash", status: "running", input_json: "{}" };
    insert("jobs", { ...job, labels_json: "{}", created_at: 1, updated_at: 2, ...(!isFound && { next_seq: 3 }) });
    insert("actors", {
      ...{ job_id: id, id: "job", workflow: "w", version: 1, definition_hash: "hash", status: "active" },
      ...{ snapshot_json: '{"value":"a"}', updated_seq: 2 },
    });
    for (const [seq, first] of FIRST_ACTIVITIES[id] ?? []) {
      insert("history", {
        ...{ job_id: id, seq, actor_id: "job", event_json: `{"type":"event-${seq}"}`, state_json: '"a"' },
        ...{ snapshot_hash: `h${seq}`, effects_json: `[${seq}]`, at: seq * 10 },
        ...(isFound && { first_activity: first, activity_count: first === null ? 0 : 2 }),
      });
    }
  }
  for (const effect_id of EFFECT_IDS) {
    const job_id = effect_id.slice(0, -4);
    insert("activities", {
      ...{ effect_id, job_id, actor_id: "job", invoke_id: "w", name: effect_id, input_json: "1", status: "scheduled" },
      ...{ attempt: 1, scheduled_at: 5, due_at: 5 },
    });
  }
  insert("artifacts", { job_id: "j", name: "plan", seq: 1, content_json: '"first"' });
  insert("artifacts", { job_id: "j", name: "plan", seq: 2, content_json: '"second"' });
}

/** In the order in which they were written; two of each entry that scheduled any. */
const EFFECT_IDS = ["k:1:0", "k:1:2", "j:2:1:0", "j:2:1:1", "j:2:0", "j:2:1", "k:2:0", "k:2:1"];
/** Of each job, by the number of the entry: the number of its first activity. */
const FIRST_ACTIVITIES: Readonly<Record<string, readonly (readonly [seq: number, first: number | null])[]>> = {
  j: [
    [2, 5],
    [1, null],
  ],
  "j:2": [[1, 3]],
  k: [
    [1, 1],
    [2, 7],
  ],
};

test.each(Object.keys(migrations))("a database of %s keeps all that it holds", async (name) => {
  const path = await databaseOf(name);
  const store = await openSqliteStore(path);
  expect(store.getJob("j")).toMatchObject({ definitionHash: "hash", nextSeq: 3, updatedAt: 20 });
  expect(store.listActors("j")).toMatchObject([{ id: "job", snapshot: '{"value":"a"}', updatedSeq: 2 }]);
  expect(store.listHistory("j")).toMatchObject([
    { seq: 1, event: { type: "event-1" }, snapshotHash: "h1", effects: [1], at: 10 },
    { seq: 2, event: { type: "event-2" }, snapshotHash: "h2", effects: [2], at: 20 },
  ]);
  expect(store.getArtifact("j", "plan")).toMatchObject({ seq: 2, content: "second" });
  for (const [jobId, of] of [
    ["j", ["j:2:0", "j:2:1"]],
    ["j:2", ["j:2:1:0", "j:2:1:1"]],
    ["k", ["k:1:0", "k:1:2", "k:2:0", "k:2:1"]],
  ] as const) {
    expect(store.listActivities(jobId).map(({ effectId }) => effectId)).toEqual(of);
    for (const effectId of of) expect(store.getActivity(effectId)).toMatchObject({ jobId, name: effectId, input: 1 });
  }
  expect(store.reads.lastActivityNumber()).toBe(EFFECT_IDS.length);
  store.close();
  expect(integrityOf(path)).toBe("ok");
});
