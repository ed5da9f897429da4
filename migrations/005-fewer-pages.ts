/**
 * What a durable step writes stands on fewer pages. A job's number is that of its last entry, so its row is left alone by
 * most steps. An entry says which activities it scheduled: they are found through it, without an index of their own. Its
 * short columns stand before its texts, so that they are read without these.
 */

import { type Kysely, sql } from "kysely";

/** Of the activities that an entry `h` scheduled: they were written together, so their numbers follow each other. */
const OF_ENTRY = `
  from activities_before a
  where a.effect_id > h.job_id || ':' || h.seq || ':' and a.effect_id < h.job_id || ':' || h.seq || ';'
    and a.job_id = h.job_id
`;

const STATEMENTS = [
  "alter table history rename to history_before",
  "alter table activities rename to activities_before",
  `create table history (
    job_id text not null,
    seq integer not null,
    at integer not null,
    actor_id text not null,
    first_activity integer,
    activity_count integer not null,
    snapshot_hash text not null,
    state_json text not null,
    event_json text not null,
    effects_json text not null,
    constraint history_key primary key (job_id, seq)
  ) strict`,
  `insert into history
    select job_id, seq, at, actor_id, (select min(a.number) ${OF_ENTRY}), (select count(*) ${OF_ENTRY}),
      snapshot_hash, state_json, event_json, effects_json
    from history_before h
    order by job_id, seq`,
  "drop table history_before",
  `create table activities (
    number integer primary key,
    effect_id text not null,
    job_id text not null,
    actor_id text not null,
    invoke_id text not null,
    name text not null,
    input_json text not null,
    status text not null,
    attempt integer not null,
    failures integer not null default 0,
    scheduled_at integer not null,
    due_at integer not null,
    heartbeat_json text,
    heartbeat_at integer,
    finished_at integer,
    error_json text
  ) strict`,
  "insert into activities select * from activities_before order by number",
  "drop table activities_before",
  `create index scheduled_activities on activities (job_id, actor_id, invoke_id) where status = 'scheduled'`,
  "alter table jobs drop column next_seq",
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
