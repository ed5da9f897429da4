/** Takes away what an earlier build compiled: a file that is gone from the sources must not be shipped. The pages stay. */

import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
for (const folder of ["src", "workflows", "migrations"])
  rmSync(join(root, "dist", folder), { recursive: true, force: true });
