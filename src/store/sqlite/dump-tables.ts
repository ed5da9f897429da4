/** The tables as they are, for a person who looks: the newest rows, long texts cut. */

import { sql } from "kysely";
import type { Json } from "../../core/json.ts";
import type { TableDump } from "../reads.ts";
import type { Connection } from "./connection.ts";
import type { Schema } from "./schema.ts";

/** Each with the column that the newest rows are the first by. */
const TABLES = {
  jobs: "created_at",
  actors: "updated_seq",
  history: "at",
  activities: "number",
  timers: "fire_at",
  signals: "number",
  artifacts: "seq",
  usage: "job_id",
} as const satisfies Partial<{ [Name in keyof Schema]: keyof Schema[Name] }>;

const LONGEST_TEXT = 4000;
/** Of all tables together. */
const MOST_CHARACTERS = 8_000_000;

export function dumpTables(
  connection: Connection,
  { limit, table }: { readonly limit: number; readonly table?: string | undefined },
): Readonly<Record<string, TableDump>> {
  const dumps: Record<string, TableDump> = {};
  let left = MOST_CHARACTERS;
  for (const [name, newestBy] of Object.entries(TABLES) as [keyof typeof TABLES, string][]) {
    if (table !== undefined && table !== name) continue;
    const { queries } = connection;
    const counted = connection.get(queries.selectFrom(name).select(({ fn }) => fn.countAll<number>().as("total")));
    const newest = queries.selectFrom(name).selectAll().orderBy(sql.ref(newestBy), "desc").limit(limit);
    const rows: Record<string, Json>[] = [];
    for (const row of connection.all(newest)) {
      const plain = toPlain(row);
      left -= JSON.stringify(plain).length;
      if (left < 0) break;
      rows.push(plain);
    }
    dumps[name] = { total: counted?.total ?? 0, rows };
  }
  return dumps;
}

function toPlain(row: object): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) =>
      column.startsWith("lease_") ? [] : [read(column, value as Json)],
    ),
  );
}

/** JSON that is short enough comes as JSON, anything else as text. */
function read(column: string, value: Json): [string, Json] {
  if (typeof value !== "string") return [column, value];
  const isLong = value.length > LONGEST_TEXT;
  if (!column.endsWith("_json") || isLong) {
    return [column, isLong ? `${value.slice(0, LONGEST_TEXT)}…` : value];
  }
  try {
    return [column.slice(0, -"_json".length), JSON.parse(value) as Json];
  } catch {
    return [column, value];
  }
}
