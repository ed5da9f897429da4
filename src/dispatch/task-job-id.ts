/** The job's id for a source's own id of a task. */

import { createHash } from "node:crypto";
import { isSafeName } from "../core/ids.ts";

/** `<source>-<id>` where that can name a job; else a hash of the id takes its place. */
export function taskJobId(source: string, id: string): string {
  const plain = `${source}-${id}`;
  return isSafeName(plain) ? plain : `${source}-${shortHash(id)}`;
}

export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
