/** Finds activities through the entries of the history that scheduled them. */

import { type RawBuilder, type SqlBool, sql } from "kysely";

export const activitiesOfJob = (jobId: string) =>
  sql<SqlBool>`job_id = ${jobId} and ${numberIn(sql`history.job_id = ${jobId}`)}`;

/** Each a text or a number, or its place in a prepared statement; `jobId` and `seq` are what the effect's id was made of. */
export const activityOfEffect = (effect: {
  readonly effectId: string;
  readonly jobId: string | null;
  readonly seq: number | null;
}) =>
  sql<SqlBool>`effect_id = ${effect.effectId}
    and ${numberIn(sql`history.job_id = ${effect.jobId} and history.seq = ${effect.seq}`)}`;

/** The cross join says which table comes first: SQLite would guess. */
const numberIn = (ofHistory: RawBuilder<unknown>) =>
  sql<SqlBool>`number in (
    select scheduled.number from history cross join activities as scheduled
    on scheduled.number >= history.first_activity
      and scheduled.number < history.first_activity + history.activity_count
    where ${ofHistory})`;
