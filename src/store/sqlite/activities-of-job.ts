/** Finds activities through the entries of the history that scheduled them. */

import { type RawBuilder, type SqlBool, sql } from "kysely";
import { parseEffectId } from "../../core/ids.ts";

/** @param jobId a text, or a place in a prepared statement */
export const activitiesOfJob = (jobId: string) => numberIn(sql`history.job_id = ${jobId}`);

/** Ids that no effect can have find nothing. */
export function activityOfEffect(effectId: string) {
  const { jobId, seq } = parseEffectId(effectId) ?? { jobId: null, seq: null };
  return sql<SqlBool>`effect_id = ${effectId} and ${numberIn(sql`history.job_id = ${jobId} and history.seq = ${seq}`)}`;
}

/** The cross join says which table comes first: SQLite would guess. */
const numberIn = (ofHistory: RawBuilder<unknown>) =>
  sql<SqlBool>`number in (
    select scheduled.number from history cross join activities as scheduled
    on scheduled.number >= history.first_activity
      and scheduled.number < history.first_activity + history.activity_count
    where ${ofHistory})`;
