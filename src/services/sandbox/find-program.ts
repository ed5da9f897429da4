/** Finds a program on a PATH that a repository has no say in. */

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** `PATH` without its relative entries: each of them would mean another folder in each worktree, with the programs of an agent. */
export function absolutePath(path: string | undefined): string {
  const folders = (path ?? "").split(delimiter).filter(isAbsolute);
  return folders.length === 0 ? "/usr/local/bin:/usr/bin:/bin" : folders.join(delimiter);
}

/** Absolute path of the program; undefined if it is not there. `name` holds no slash. */
export async function findProgram(name: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of absolutePath(path).split(delimiter)) {
    const candidate = join(folder, name);
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
