/** Every migration, in order, in a static record: a bundled orch carries them with it. */

import type { Migration } from "kysely/migration";
import * as initial from "./001-initial.ts";
import * as rowsByNumber from "./002-rows-by-number.ts";
import * as notes from "./003-notes.ts";
import * as fewerIndexes from "./004-fewer-indexes.ts";
import * as fewerPages from "./005-fewer-pages.ts";

export const migrations: Readonly<Record<string, Migration>> = {
  "001-initial": initial,
  "002-rows-by-number": rowsByNumber,
  "003-notes": notes,
  "004-fewer-indexes": fewerIndexes,
  "005-fewer-pages": fewerPages,
};
