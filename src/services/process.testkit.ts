/** What the tests of processes share. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Folder extends Disposable {
  readonly path: string;
  /** The number that a script wrote into a file. */
  pidIn(file: string): number;
  write(file: string, text: string): void;
}

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "orch-process-"));
  return {
    path,
    pidIn: (file) => Number(readFileSync(join(path, file), "utf8")),
    write: (file, text) => writeFileSync(join(path, file), text),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export function shell(folder: Folder, script: string, env: Readonly<Record<string, string>> = {}) {
  return { command: "sh", args: ["-c", script], cwd: folder.path, env: { PATH: process.env.PATH as string, ...env } };
}

/** Looks again and again until `condition` holds; throws what it waited for if that takes too long. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited too long until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
