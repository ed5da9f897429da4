/** How many bytes the texts of one durable step have: the floor writes as many. */

import Sqlite from "better-sqlite3";

export interface StepBytes {
  /** In rows that are added. */
  readonly inserted: number;
  /** In rows that are changed. */
  readonly updated: number;
}

/** Averages over all steps of a database of steady jobs. */
export function readBytes(path: string): StepBytes {
  const sqlite = new Sqlite(path, { readonly: true });
  try {
    const mean = (sql: string) => Math.round(sqlite.prepare<[], number>(`select avg(${sql}`).pluck().get() ?? 0);
    const length = (...columns: readonly string[]) => columns.map((name) => `length(${name})`).join(" + ");
    return {
      inserted:
        mean(
          `${length("job_id", "actor_id", "event_json", "state_json", "snapshot_hash", "effects_json")}) from history`,
        ) +
        mean(
          `${length("effect_id", "job_id", "actor_id", "invoke_id", "name", "input_json", "status")}) from activities`,
        ),
      updated: mean(`${length("snapshot_json", "status")}) from actors`),
    };
  } finally {
    sqlite.close();
  }
}
