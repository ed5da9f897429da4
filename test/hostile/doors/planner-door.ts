/** The planner's tool, in a real planning: the Agents SDK asks a scripted model, and runs what it wants to have run. */

import { resolve } from "node:path";
import { defineScript } from "../../../src/scripted-model/parse-script.ts";
import { startScriptedModel } from "../../../src/scripted-model/server.ts";
import { createPlanTask } from "../../../src/services/agents/plan-task.ts";
import { sandbox } from "../../../src/services/sandbox/sandbox.testkit.ts";
import { fakeContext } from "../../../src/services/testing/fake-context.ts";
import { planOf } from "../../support/plan-script.ts";
import { runPlainly } from "../run-plainly.ts";
import type { PlannerTrick } from "../trick.ts";
import { API_KEY, JOB } from "../world.ts";
import type { Door } from "./door.ts";

const TASK = "Add a greeting";

export const plannerDoor: Door<PlannerTrick> = {
  batch: 40,
  setupFolder: (world) => world.worktree.path,
  open: async (world) => world.addWorktree(),

  async withGuard(tricks, world) {
    const calls = tricks.map(({ id, trick }) => ({
      call: "run_repo_command",
      arguments: {
        command: trick.command.map((word) => world.fill(word, id)),
        worktree: trick.worktree === undefined ? null : world.fill(trick.worktree, id),
      },
    }));
    const steps = [...calls, { json: planOf([{ id: "greet" }]) }];
    const script = defineScript({ turns: [{ name: "plan", for: "planner", match: TASK, steps }] });
    await using model = await startScriptedModel({ script });
    const context = fakeContext({ jobId: JOB });
    const planTask = createPlanTask({
      apiKey: API_KEY,
      baseUrl: model.url,
      maxTurns: steps.length,
      sandbox: { ...sandbox, environment: world.environment },
      environment: world.environment,
    });
    await planTask(
      {
        task: TASK,
        repository: world.repository,
        worktree: world.worktree,
        model: "scripted-model",
        maxSubtasks: 5,
        feedback: null,
      },
      context,
    );
    world.told += JSON.stringify(context.checkpoints.at(-1));
  },

  async withoutGuard(tricks, world) {
    for (const { id, trick } of tricks) {
      const words = trick.command.map((word) => world.fill(word, id));
      const cwd = resolve(world.worktree.path, world.fill(trick.worktree ?? ".", id));
      const [program = "", ...args] = trick.control === "shell" ? ["bash", "-c", words.join(" ")] : words;
      world.told += await runPlainly(program, args, { cwd, env: world.environment });
    }
  },
};
