/** Jobs, their actors and history, and what they wait for. */

import { type Kysely, type SqlBool, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("jobs")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("workflow", "text", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("definition_hash", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("closed", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("input_json", "text", (column) => column.notNull())
    .addColumn("output_json", "text")
    .addColumn("error_json", "text")
    .addColumn("labels_json", "text", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("updated_at", "integer", (column) => column.notNull())
    .addColumn("next_seq", "integer", (column) => column.notNull())
    .addColumn("lease_epoch", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("lease_owner_json", "text")
    .addColumn("lease_expires_at", "integer")
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex("jobs_by_creation").on("jobs").columns(["created_at", "id"]).execute();
  // Few jobs are open at a time: finding them must not cost more with every job that was ever run.
  await db.schema.createIndex("open_jobs").on("jobs").column("id").where(sql<SqlBool>`closed = 0`).execute();

  await db.schema
    .createTable("actors")
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("workflow", "text", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("definition_hash", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("snapshot_json", "text")
    .addColumn("updated_seq", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("actors_key", ["job_id", "id"])
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable("history")
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("actor_id", "text", (column) => column.notNull())
    .addColumn("event_json", "text", (column) => column.notNull())
    .addColumn("state_json", "text", (column) => column.notNull())
    .addColumn("snapshot_hash", "text", (column) => column.notNull())
    .addColumn("effects_json", "text", (column) => column.notNull())
    .addColumn("at", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("history_key", ["job_id", "seq"])
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable("activities")
    .addColumn("number", "integer", (column) => column.primaryKey())
    .addColumn("effect_id", "text", (column) => column.notNull().unique())
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("actor_id", "text", (column) => column.notNull())
    .addColumn("invoke_id", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("input_json", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("attempt", "integer", (column) => column.notNull())
    .addColumn("failures", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("scheduled_at", "integer", (column) => column.notNull())
    .addColumn("due_at", "integer", (column) => column.notNull())
    .addColumn("heartbeat_json", "text")
    .addColumn("heartbeat_at", "integer")
    .addColumn("finished_at", "integer")
    .addColumn("error_json", "text")
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex("activities_of_job").on("activities").columns(["job_id", "number"]).execute();
  await db.schema
    .createIndex("scheduled_activities")
    .on("activities")
    .columns(["job_id", "actor_id", "invoke_id"])
    .where(sql<SqlBool>`status = 'scheduled'`)
    .execute();

  await db.schema
    .createTable("timers")
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("actor_id", "text", (column) => column.notNull())
    .addColumn("send_id", "text", (column) => column.notNull())
    .addColumn("event_json", "text", (column) => column.notNull())
    .addColumn("fire_at", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("timers_key", ["job_id", "actor_id", "send_id"])
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable("signals")
    .addColumn("number", "integer", (column) => column.primaryKey())
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("actor_id", "text", (column) => column.notNull())
    .addColumn("event_json", "text", (column) => column.notNull())
    .addColumn("external", "integer", (column) => column.notNull())
    .addColumn("created_at", "integer", (column) => column.notNull())
    .addColumn("delivered_seq", "integer")
    .addUniqueConstraint("signals_key", ["job_id", "id"])
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema
    .createIndex("pending_signals")
    .on("signals")
    .columns(["job_id", "number"])
    .where(sql<SqlBool>`delivered_seq is null`)
    .execute();

  await db.schema
    .createTable("artifacts")
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("content_json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("artifacts_key", ["job_id", "name", "seq"])
    .modifyEnd(sql`strict, without rowid`)
    .execute();

  await db.schema
    .createTable("usage")
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("meter", "text", (column) => column.notNull())
    .addColumn("input_tokens", "integer", (column) => column.notNull())
    .addColumn("cached_input_tokens", "integer", (column) => column.notNull())
    .addColumn("output_tokens", "integer", (column) => column.notNull())
    .addColumn("reasoning_output_tokens", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("usage_key", ["job_id", "meter"])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
}
