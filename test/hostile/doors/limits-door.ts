/** The planner's tool again, called directly, with limits that a test can reach: two seconds, a hundred processes. */

import { join } from "node:path";
import { jobPaths } from "../../../src/core/job-paths.ts";
import { runRepoCommand } from "../../../src/services/commands/repo-command.ts";
import { commandsMark } from "../../../src/services/process-marks.ts";
import { runPlainly } from "../run-plainly.ts";
import type { LimitsTrick } from "../trick.ts";
import { JOB, MAX_PROCESSES } from "../world.ts";
import { codexPath, makeCodexHome } from "./codex-home.ts";
import type { Door } from "./door.ts";

const LIMIT_MS = 2_000;

export const limitsDoor: Door<LimitsTrick> = {
  batch: 40,
  setupFolder: (world) => world.worktree.path,
  open: async (world) => world.addWorktree(),

  async withGuard(tricks, world) {
    using home = makeCodexHome();
    const paths = jobPaths(world.checkout, JOB);
    const { environment } = world;
    const settings = {
      root: world.worktree.path,
      log: paths.commandLog,
      scratch: join(paths.job, "scratch"),
      sandbox: { codexPath, codexHome: home.codexHome, environment },
      mark: commandsMark(world.worktree.path, `${JOB}:1:0`),
      environment,
      limitMs: LIMIT_MS,
      maxProcesses: MAX_PROCESSES,
    };
    for (const { id, trick } of tricks) {
      const command = trick.command.map((word) => world.fill(word, id));
      world.told += await world.counting(() => runRepoCommand({ command }, settings));
    }
  },

  async withoutGuard(tricks, world) {
    const { environment: env } = world;
    const run = { cwd: world.worktree.path, env, limitMs: LIMIT_MS * 1.5, leave: true };
    for (const { id, trick } of tricks) {
      const [program = "", ...args] = trick.command.map((word) => world.fill(word, id));
      world.told += await world.counting(() => runPlainly(program, args, run));
    }
  },
};
