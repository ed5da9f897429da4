/** Looks at a world when its job has ended: is the result the same, and is nothing left? */

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { jobPaths } from "../../src/core/job-paths.ts";
import { fingerprint } from "../support/fingerprint.ts";
import { processesOf } from "./processes.ts";
import { JOB, type World } from "./world.ts";

export interface Found {
  readonly sameTree: boolean;
  readonly processesLeft: number;
  readonly worktreesLeft: number;
  readonly problems: readonly string[];
}

export function inspect(world: World, tree: string): Found {
  const processes = processesOf(world.folder);
  const trees = [world.resultTree("repository"), world.resultTree("remote")];
  const sameTree = trees.every((one) => one === tree);
  const worktrees = strayWorktrees(world);
  const locks = strayLocks(world);
  const now = fingerprint(world.repository.root);
  return {
    sameTree,
    processesLeft: processes.length,
    worktreesLeft: worktrees.length,
    problems: [
      ...(sameTree ? [] : [`the result is not the same tree: ${trees.join(", ")}`]),
      ...processes.map(({ pid, command }) => `process ${pid} is left: ${command.slice(0, 200)}`),
      ...worktrees.map((path) => `worktree left: ${path}`),
      ...locks.map((path) => `lock left: ${path}`),
      ...(isDeepStrictEqual(now, world.before) ? [] : ["the user's checkout was touched"]),
      ...fsck(world),
    ],
  };
}

/**
 * Folders among the job's worktrees that git does not know, and worktrees that git knows half: without their folder, or
 * with a part of what git keeps of each missing. The job's own whole worktrees stay until `orch clean`: they are not left.
 */
function strayWorktrees({ repository }: World): string[] {
  const folders = namesIn(jobPaths(repository.root, JOB).worktrees).map((name) =>
    join(jobPaths(repository.root, JOB).worktrees, name),
  );
  const all = join(repository.root, ".git", "worktrees");
  const known = namesIn(all).map((id) => ({
    id: join(all, id),
    folder: dirname(textOf(join(all, id, "gitdir")).trim() || join(all, id, "gone", ".git")),
    isWhole: ["HEAD", "commondir", "gitdir", "index"].every((name) => textOf(join(all, id, name)) !== ""),
  }));
  return [
    ...folders.filter((folder) => !known.some((one) => one.folder === folder)),
    ...known.filter(({ isWhole, folder }) => !isWhole || !existsSync(join(folder, ".git"))).map(({ id }) => id),
  ];
}

function strayLocks({ repository }: World): string[] {
  const places = [join(repository.root, ".git"), jobPaths(repository.root, JOB).git];
  return places.flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".lock"))
      .map((path) => join(basename(place), path)),
  );
}

function fsck({ repository }: World): string[] {
  try {
    const args = ["fsck", "--no-dangling", "--connectivity-only", "--no-progress"];
    execFileSync("git", args, { cwd: repository.root, stdio: "pipe" });
    return [];
  } catch (error) {
    return [`git fsck: ${(error as Error).message.slice(0, 300)}`];
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
