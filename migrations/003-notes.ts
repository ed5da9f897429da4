/** What is kept about jobs for those who are told of them: which message shows a job, and which answers were given. */

import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("notes")
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("content_json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("notes_key", ["job_id", "name"])
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex("notes_by_name").on("notes").columns(["name", "job_id"]).execute();
}
