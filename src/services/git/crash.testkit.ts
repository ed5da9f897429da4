/** Lets an activity die between any two of its git commands, as if the machine had been switched off there. */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface DeathPoint {
  /** The git command at which it dies, counted from 1. */
  readonly command: number;
  /** Whether that command still does its work. */
  readonly when: "before" | "after";
}

/** Returns whether `act` came to that point. From there on no git command does anything, and `act` must have failed. */
export async function dieAt({ command, when }: DeathPoint, act: () => Promise<unknown>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "orch-crash-"));
  const counter = join(folder, "count");
  const path = process.env.PATH ?? "";
  writeFileSync(counter, "0");
  writeFileSync(
    join(folder, "git"),
    `#!/bin/sh
read n < ${counter}; n=$((n + 1)); echo $n > ${counter}
PATH='${path}'; export PATH
[ $n -lt ${command} ] && exec git "$@"
[ $n -eq ${command} ] && [ ${when} = after ] && git "$@" > /dev/null
exit 137
`,
  );
  chmodSync(join(folder, "git"), 0o755);
  process.env.PATH = `${folder}:${path}`;
  try {
    const failed = await act().then(
      () => false,
      () => true,
    );
    const reached = Number(readFileSync(counter, "utf8")) >= command;
    // A last command whose work was done and whose output nobody needed is no death at all.
    return reached && failed;
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  }
}

/**
 * Lets `act` die before and after each of its git commands, one after the other, each time in the same world: `folder`
 * as it is now. After each death it is done once more, and `check` looks at what came out. Returns the number of deaths.
 */
export async function atEveryDeath<T>(
  folder: string,
  act: () => Promise<T>,
  check: (result: T) => void,
): Promise<number> {
  const saved = mkdtempSync(join(tmpdir(), "orch-saved-"));
  const copy = (from: string, to: string) => execFileSync("cp", ["-a", `${from}/.`, to]);
  copy(folder, saved);
  let deaths = 0;
  try {
    for (let command = 1; ; command++) {
      let died = false;
      for (const when of ["before", "after"] as const) {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        copy(saved, folder);
        if (!(await dieAt({ command, when }, act))) continue;
        died = true;
        deaths++;
        check(await act());
      }
      if (!died) return deaths;
    }
  } finally {
    rmSync(saved, { recursive: true });
  }
}
