/** Writes a JSON file so that a reader sees the old one or the new one, never a part, and no link is followed. */

import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import type { Json } from "../../core/json.ts";

export async function writeJsonFile(path: string, value: Json): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  // `wx` creates the file itself or fails; `rename` replaces a link instead of writing through it.
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  await rename(temporary, path);
}
