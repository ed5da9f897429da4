/** The verify command of the repository's own config, on a tree whose scripts an agent wrote. */

import { runCommands } from "../../../src/services/commands/run-commands.ts";
import { sandbox } from "../../../src/services/sandbox/sandbox.testkit.ts";
import { fakeContext } from "../../../src/services/testing/fake-context.ts";
import { runPlainly } from "../run-plainly.ts";
import type { VerifyTrick } from "../trick.ts";
import { JOB } from "../world.ts";
import type { Door } from "./door.ts";

const LIMIT_MS = 20_000;

export const verifyDoor: Door<VerifyTrick> = {
  batch: 40,
  setupFolder: (world) => world.worktree.path,
  open: async (world) => world.addWorktree(),

  async withGuard(tricks, world) {
    for (const [index, { id, trick }] of tricks.entries()) {
      const commands = [world.fill(trick.verify, id)];
      const context = fakeContext({ jobId: JOB, effectId: `${JOB}:${index}:0` });
      const input = { worktree: world.worktree, commands, limitMs: LIMIT_MS };
      const access = { kind: "worktree", sandbox, setting: "verifyAccess" } as const;
      const { failure } = await runCommands(input, context, { maxProcesses: 512, access });
      world.told += failure?.outputTail ?? "";
    }
  },

  async withoutGuard(tricks, world) {
    for (const { id, trick } of tricks) {
      const { environment: env } = world;
      world.told += await runPlainly("bash", ["-c", world.fill(trick.verify, id)], { cwd: world.worktree.path, env });
    }
  },
};
