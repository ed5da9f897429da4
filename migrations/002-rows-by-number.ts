/**
 * Tables whose rows hold long texts become ordinary ones. In a `without rowid` table the texts stand in the tree of the
 * key: to find a row, SQLite reads the texts of the rows that it passes, and where one of them is damaged, its neighbours
 * cannot be found either.
 */

import { type Kysely, sql } from "kysely";

/** Columns as they are, without the key. */
const TABLES = {
  actors: {
    columns: [
      "job_id text not null",
      "id text not null",
      "workflow text not null",
      "version integer not null",
      "definition_hash text not null",
      "status text not null",
      "snapshot_json text",
      "updated_seq integer not null",
    ],
    key: "job_id, id",
  },
  history: {
    columns: [
      "job_id text not null",
      "seq integer not null",
      "actor_id text not null",
      "event_json text not null",
      "state_json text not null",
      "snapshot_hash text not null",
      "effects_json text not null",
      "at integer not null",
    ],
    key: "job_id, seq",
  },
  artifacts: {
    columns: ["job_id text not null", "name text not null", "seq integer not null", "content_json text not null"],
    key: "job_id, name, seq",
  },
};

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, { columns, key }] of Object.entries(TABLES)) {
    const definition = `${columns.join(", ")}, constraint ${name}_key primary key (${key})`;
    await sql.raw(`alter table ${name} rename to ${name}_before`).execute(db);
    await sql.raw(`create table ${name} (${definition}) strict`).execute(db);
    await sql.raw(`insert into ${name} select * from ${name}_before order by ${key}`).execute(db);
    await sql.raw(`drop table ${name}_before`).execute(db);
  }
}
