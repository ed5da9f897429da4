/** Every row that the database has of a job, as it is on disk. */

import Database from "better-sqlite3";

/** By table. Reads through a connection of its own. */
export function rowsOfJob(path: string, jobId: string): Record<string, unknown[]> {
  const database = new Database(path, { readonly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    return Object.fromEntries(
      (tables as { name: string }[]).map(({ name }) => {
        const columns = database.prepare("SELECT name FROM pragma_table_info(?)").pluck().all(name);
        const key = name === "jobs" ? "id" : columns.includes("job_id") ? "job_id" : null;
        const rows = key ? database.prepare(`SELECT * FROM "${name}" WHERE ${key} = ?`).all(jobId) : [];
        return [name, rows];
      }),
    );
  } finally {
    database.close();
  }
}
