/** What is asked for each time that a job is taken up, or an actor of it: compiled once, as a step's statements are. */

import { sql } from "kysely";
import { activityOfEffect } from "./activities-of-job.ts";
import { type Connection, param } from "./connection.ts";
import { selectJobs } from "./select-jobs.ts";

export function prepareReads(connection: Connection) {
  const { queries } = connection;
  const actors = () => queries.selectFrom("actors").where("job_id", "=", param("jobId"));
  const activities = () => queries.selectFrom("activities").selectAll();
  return {
    job: connection.prepareRows(selectJobs(queries).where("id", "=", param("jobId"))),
    lease: connection.prepareRows(
      queries
        .selectFrom("jobs")
        .select(["lease_owner_json", "lease_epoch", "lease_expires_at"])
        .where("id", "=", param("jobId")),
    ),
    actor: connection.prepareRows(actors().selectAll().where("id", "=", param("actorId"))),
    activeWorkflows: connection.prepareRows(
      actors().select(["workflow", "version", "definition_hash"]).distinct().where("status", "=", "active"),
    ),
    activity: connection.prepareRows(
      activities().where(activityOfEffect({ effectId: param("effectId"), jobId: param("jobId"), seq: param("seq") })),
    ),
    scheduledActivities: connection.prepareRows(
      activities()
        .where("job_id", "=", param("jobId"))
        // A literal, not a parameter: only then does SQLite use the index of scheduled activities.
        .where("status", "=", sql.lit("scheduled"))
        .orderBy("number"),
    ),
    timers: connection.prepareRows(
      queries.selectFrom("timers").selectAll().where("job_id", "=", param("jobId")).orderBy("fire_at"),
    ),
    signalledJobs: connection.prepareRows(
      queries
        .selectFrom("signals")
        .select(({ fn }) => ["job_id", fn.max("number").as("newest")])
        .where("delivered_seq", "is", null)
        .where("external", "=", 1)
        .groupBy("job_id"),
    ),
    pendingSignals: connection.prepareRows(
      queries
        .selectFrom("signals")
        .selectAll()
        .where("job_id", "=", param("jobId"))
        .where("delivered_seq", "is", null)
        .orderBy("number"),
    ),
  };
}

export function prepareLeases(connection: Connection) {
  const ofJob = () => connection.queries.updateTable("jobs").where("id", "=", param("jobId"));
  return {
    take: connection.prepare(
      ofJob().set({
        lease_epoch: param("epoch"),
        lease_owner_json: param("owner"),
        lease_expires_at: param("expiresAt"),
      }),
    ),
    renew: connection.prepare(
      ofJob()
        .set({ lease_expires_at: param("expiresAt") })
        .where("lease_epoch", "=", param("epoch"))
        .where("lease_owner_json", "is not", null),
    ),
    release: connection.prepare(
      ofJob().set({ lease_owner_json: null, lease_expires_at: null }).where("lease_epoch", "=", param("epoch")),
    ),
  };
}
