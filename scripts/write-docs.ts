/** `npm run docs`: writes the parts of the README that are made from the code. A test says when they are not current. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withSettingsTable } from "./settings-table.ts";

const path = join(import.meta.dirname, "..", "README.md");
writeFileSync(path, withSettingsTable(readFileSync(path, "utf8")));
