/** The end of a file that may be large. */

import { open } from "node:fs/promises";

/** Bytes of what Codex printed on stderr that are looked at when it failed. */
export const STDERR_TAIL = 8 * 1024;

/** The last `bytes` of a file as UTF-8; empty when there is no such file. */
export async function readTail(path: string, bytes: number): Promise<string> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - bytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, bytes)), 0, Math.min(size, bytes), start);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
