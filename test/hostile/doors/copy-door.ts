/** Files that are copied from the user's checkout into a worktree, on a repository that holds links in their places. */

import { readFileSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { prepareJob } from "../../../src/services/git/prepare-job.ts";
import { prepareWorktree } from "../../../src/services/git/prepare-worktree.ts";
import { fakeContext } from "../../../src/services/testing/fake-context.ts";
import type { CopyTrick } from "../trick.ts";
import { JOB, type World } from "../world.ts";
import type { Door } from "./door.ts";

export const copyDoor: Door<CopyTrick> = {
  batch: 1,
  setupFolder: (world) => world.checkout,
  open: async () => {},

  async withGuard(tricks, world) {
    const repository = { ...world.repository, baseCommit: world.git("rev-parse", "HEAD") };
    await prepareJob({ repository }, fakeContext({ jobId: JOB, effectId: `${JOB}:1:0` }));
    for (const { id, trick } of tricks) {
      const { name, branch } = world.worktree;
      const copy = [world.fill(trick.copy, id)];
      const input = { repository, name, branch, startCommit: repository.baseCommit, copy };
      // Refused is as good as left out.
      await prepareWorktree(input, fakeContext({ jobId: JOB, effectId: `${JOB}:2:0` })).catch(() => {});
      world.told += read(world, copy[0] as string);
    }
  },

  async withoutGuard(tricks, world) {
    world.addWorktree();
    for (const { id, trick } of tricks) {
      const path = world.fill(trick.copy, id);
      const target = join(world.worktree.path, path);
      await mkdir(dirname(target), { recursive: true }).catch(() => {});
      await copyFile(join(world.checkout, path), target).catch(() => {});
      world.told += read(world, path);
    }
  },
};

/** What an agent would find. */
function read(world: World, path: string): string {
  try {
    return readFileSync(join(world.worktree.path, path), "utf8");
  } catch {
    return "";
  }
}
