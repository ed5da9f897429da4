/** A file system of a few hundred kilobytes, for what happens when a disk is full. */

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

/** Its folder; undefined where none can be mounted: that takes root, and a kernel that lets it. */
export function tinyFileSystem(kilobytes: number): string | undefined {
  const folder = join(temporaryFolder(), "tiny");
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", folder]));
  return folder;
}
