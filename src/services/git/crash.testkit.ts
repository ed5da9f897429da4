/** Lets an activity die after any of its git commands, as if the machine had been switched off there. */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Git commands that change something. A death after another leaves the world as a death before it does. */
const WRITING = [
  "add",
  "commit-tree",
  "merge-tree",
  "read-tree",
  "update-index",
  "update-ref",
  "worktree",
  "write-tree",
];

/**
 * The writing git command with this number, counted from 1, still does its work; from there on no git command does
 * anything. Returns whether `act` came to that point: then it has failed.
 */
async function dieAfter(command: number, act: () => Promise<unknown>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "orch-crash-"));
  const counter = join(folder, "count");
  const path = process.env.PATH ?? "";
  writeFileSync(counter, "0");
  writeFileSync(
    join(folder, "git"),
    `#!/bin/sh
PATH='${path}'; export PATH
read n < ${counter}
[ $n -ge ${command} ] && exit 137
case " $* " in ${WRITING.map((name) => `*" ${name} "*`).join("|")}) n=$((n + 1)); echo $n > ${counter};; esac
[ $n -lt ${command} ] && exec git "$@"
git "$@" > /dev/null
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
 * Lets `act` die after each of its writing git commands, one after the other, each time in the same world: `folder`
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
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      copy(saved, folder);
      if (!(await dieAfter(command, act))) return deaths;
      deaths++;
      check(await act());
    }
  } finally {
    rmSync(saved, { recursive: true });
  }
}
