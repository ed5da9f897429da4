/** A turn of the real Codex, led by a scripted model: each trick is a command that the agent runs. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunCodexTurnInput } from "../../../src/core/coding.ts";
import { jobPaths } from "../../../src/core/job-paths.ts";
import { defineScript } from "../../../src/scripted-model/parse-script.ts";
import { type ScriptedModel, startScriptedModel } from "../../../src/scripted-model/server.ts";
import { createRunCodexTurn } from "../../../src/services/codex/run-codex-turn.ts";
import { fakeContext } from "../../../src/services/testing/fake-context.ts";
import { runPlainly } from "../run-plainly.ts";
import type { CodexTrick } from "../trick.ts";
import { API_KEY, JOB, MAX_PROCESSES, type Named, type World } from "../world.ts";
import { codexPath, makeCodexHome } from "./codex-home.ts";
import type { Door } from "./door.ts";

const TASK = "Add a search";

export const codexDoor: Door<CodexTrick> = {
  batch: 40,
  setupFolder: (world) => world.worktree.path,
  open: async (world) => world.addWorktree(),

  async withGuard(tricks, world) {
    await using model = await modelFor(tricks, world);
    using home = makeCodexHome();
    const runTurn = createRunCodexTurn({
      codexPath,
      codexHome: home.codexHome,
      apiKey: API_KEY,
      baseUrl: model.url,
      environment: world.environment,
      maxProcesses: MAX_PROCESSES,
    });
    const context = fakeContext({ jobId: JOB, effectId: `${JOB}:7:0` });
    context.artifacts.set("plan", {
      summary: "A search.",
      subtasks: [{ id: "left", title: "Search box", instructions: "Write it.", dependsOn: [], files: [] }],
    });
    // What goes over a limit ends the turn: that is the guard at work.
    await world
      .counting(() => runTurn(turnInput(world), context))
      .catch((error: unknown) => {
        world.told += String(error);
      });
    const events = join(jobPaths(world.checkout, JOB).turns, `${JOB}-7-0`, "1", "events.jsonl");
    world.told += readFileSync(events, "utf8");
  },

  async withoutGuard(tricks, world) {
    await using model = await modelFor(tricks, world);
    using home = makeCodexHome();
    const provider = `{name="orch",base_url="${model.url}",wire_api="responses",env_key="OPENAI_API_KEY"}`;
    const settings = [
      `model_providers.orch=${provider}`,
      'model_provider="orch"',
      "allow_login_shell=false",
      "features={shell_snapshot=false,plugins=false}",
      'shell_environment_policy={inherit="all",ignore_default_excludes=true}',
    ];
    world.told += await world.counting(() =>
      runPlainly(
        codexPath,
        [
          ...["exec", "--json", "--skip-git-repo-check", "-s", "danger-full-access", "-C", world.worktree.path],
          ...settings.flatMap((setting) => ["-c", setting]),
          "Search box",
        ],
        { cwd: world.worktree.path, env: { ...world.environment, CODEX_HOME: home.codexHome }, limitMs: 120_000 },
      ),
    );
  },
};

function modelFor(tricks: readonly Named<CodexTrick>[], world: World): Promise<ScriptedModel> {
  const steps = [...tricks.map(({ id, trick }) => ({ run: world.fill(trick.run, id) })), { say: "Done." }];
  const turn = { name: "search", for: "codex" as const, match: "Search box", steps };
  return startScriptedModel({ script: defineScript({ continues: ["Go on"], turns: [turn] }) });
}

const turnInput = (world: World): RunCodexTurnInput => ({
  repository: world.repository,
  worktree: world.worktree,
  request: { kind: "subtask", subtaskId: "left", task: TASK },
  threadId: null,
  model: null,
  silenceMs: 60_000,
  limitMs: 240_000,
});
