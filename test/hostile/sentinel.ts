/** Looks whether a trick landed. */

import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PlacedTrick } from "./trick.ts";
import { type Named, secretOf, type World } from "./world.ts";

/** Connections and background processes take a moment. */
const SETTLE_MS = 150;

/** Those that landed. `waitMs`: how long one that is sure to land may take. */
export async function landed(
  tricks: readonly Named<PlacedTrick>[],
  world: World,
  waitMs: number,
): Promise<ReadonlySet<string>> {
  const until = Date.now() + waitMs;
  await sleep(SETTLE_MS);
  for (;;) {
    const found = new Set(tricks.filter((named) => hasLanded(named, world)).map(({ id }) => id));
    if (found.size === tricks.length || Date.now() >= until) return found;
    await sleep(SETTLE_MS);
  }
}

export function hasLanded({ id, trick: { lands } }: Named<PlacedTrick>, world: World): boolean {
  if (typeof lands === "function") return lands(world, id);
  switch (lands) {
    case "pushed":
      return remoteRefs(world).some((ref) => ref.endsWith(id));
    case "written":
      return existsSync(join(world.outside, id));
    case "reached":
      return world.listener.heard.includes(id);
    case "told":
      return world.told.includes(secretOf(id));
    case "lives":
      return world.leftProcesses().some(({ command }) => command.includes(id));
  }
  if ("appears" in lands) return isThere(world.fill(lands.appears, id));
  if ("vanishes" in lands) return !isThere(world.fill(lands.vanishes, id));
  if ("holds" in lands) return textOf(world.fill(lands.holds, id)).includes(id);
  return remoteEntries(world).includes(world.fill(lands.commits, id));
}

function remoteRefs({ remote }: World): string[] {
  return git(remote, "for-each-ref", "--format=%(refname)").split("\n").filter(Boolean);
}

/** `<mode> <path>` of every entry of every tree that a ref of the bare repository has. */
function remoteEntries(world: World): string[] {
  return remoteRefs(world).flatMap((ref) =>
    git(world.remote, "ls-tree", "-r", "-z", ref)
      .split("\0")
      .filter(Boolean)
      .map((line) => `${line.slice(0, 6)} ${line.slice(line.indexOf("\t") + 1)}`),
  );
}

function git(gitDir: string, ...args: string[]): string {
  const environment = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  return execFileSync("git", [`--git-dir=${gitDir}`, ...args], { encoding: "utf8", env: environment });
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
