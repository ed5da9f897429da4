/** Finds a job's activities by the index of effect ids: these begin with the job's id and a colon. */

import { type SqlBool, sql } from "kysely";

/** @param jobId a text, or a place in a prepared statement */
export const activitiesOfJob = (jobId: string) =>
  // The semicolon is the character after the colon. A job whose id has a colon in it is told apart by the last condition.
  sql<SqlBool>`effect_id > ${jobId} || ':' and effect_id < ${jobId} || ';' and job_id = ${jobId}`;
