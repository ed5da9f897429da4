/**
 * A durable step adds one row to `activities`, and each index of it is one more page to write and to sync. The ids of
 * effects begin with their job's, so the index that keeps them unique finds a job's activities, too.
 */

import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex("activities_of_job").execute();
}
