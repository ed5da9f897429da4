/** The processes of one world, and of no other: found by its folder in their environment. */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** @param entry text of an entry in their environment; the world's folder is in every one */
export function processesOf(entry: string): FoundProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return command !== "" && environment.includes(entry) ? [{ pid: Number(pid), command }] : [];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** SIGKILL, again and again, until `find` finds none. Returns what it ended. */
export async function endAll(find: () => readonly FoundProcess[]): Promise<readonly FoundProcess[]> {
  const ended = new Map<number, FoundProcess>();
  for (let found = find(); found.length > 0; found = find()) {
    for (const one of found) {
      ended.set(one.pid, one);
      try {
        process.kill(one.pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    await sleep(20);
  }
  return [...ended.values()];
}
