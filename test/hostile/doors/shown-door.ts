/** What a person is shown: a whole job of the real `orch`, whose model says what it likes, looked at with every command. */

import { join } from "node:path";
import { defineScript } from "../../../src/scripted-model/parse-script.ts";
import type { ScriptInput } from "../../../src/scripted-model/script.ts";
import { startScriptedModel } from "../../../src/scripted-model/server.ts";
import { runPlainly } from "../run-plainly.ts";
import type { ShownTrick } from "../trick.ts";
import { type Named, nameTrick, ROOT, World } from "../world.ts";
import { makeCodexHome } from "./codex-home.ts";

export interface Shown {
  readonly guarded: ReadonlySet<ShownTrick>;
  readonly unguarded: ReadonlySet<ShownTrick>;
}

const ORCH = join(ROOT, "bin", "orch.js");
const JOB_ID = "shown";
/** Every command that shows something of a job. */
const LOOKS = [
  ["show", JOB_ID],
  ["show", JOB_ID, "--json"],
  ["logs", JOB_ID],
  ["history", JOB_ID],
  ["history", JOB_ID, "--json"],
  ["list"],
  ["list", "--json"],
  ["ps"],
];

export async function showTricks(tricks: readonly ShownTrick[]): Promise<Shown> {
  if (tricks.length === 0) return { guarded: new Set(), unguarded: new Set() };
  const named = tricks.map(nameTrick);
  await using world = await World.open();
  const [guarded, unguarded] = await Promise.all([printedByOrch(named, world), printedPlainly(named, world)]);
  const seen = (printed: string) =>
    new Set(named.filter(({ id, trick }) => printed.includes(world.fill(trick.raw, id))).map(({ trick }) => trick));
  return { guarded: seen(guarded), unguarded: seen(unguarded) };
}

async function printedByOrch(tricks: readonly Named<ShownTrick>[], world: World): Promise<string> {
  const text = (where: ShownTrick["where"]) => textAt(tricks, where, world);
  await using model = await startScriptedModel({ script: scriptOf(text) });
  using home = makeCodexHome();
  const env = {
    ...world.environment,
    OPENAI_BASE_URL: model.url,
    XDG_STATE_HOME: join(world.base, "state"),
    CODEX_HOME: home.codexHome,
  };
  const run = { cwd: world.checkout, env, limitMs: 120_000 };
  const config = { maxFollowUps: 0, maxRepairs: 0, verify: [`printf '%s' '${text("verify")}'; exit 3`] };
  world.sh(
    `cat > orch.config.json <<'END'\n${JSON.stringify(config)}\nEND\ngit add -A; git commit -qm config`,
    world.checkout,
  );
  const job = await runPlainly(process.execPath, [ORCH, "run", `Task ${text("task")}`, "--job-id", JOB_ID], run);
  if (!job.includes(JOB_ID)) throw new Error(`the job did not begin:\n${job}`);
  const looks = await Promise.all(LOOKS.map((words) => runPlainly(process.execPath, [ORCH, ...words], run)));
  const commits = await runPlainly("git", ["log", "--all", "--format=%s%n%(trailers)"], run);
  return [job, ...looks, commits].join("\n");
}

/** What whoever prints a model's words as they are would print. */
function printedPlainly(tricks: readonly Named<ShownTrick>[], world: World): Promise<string> {
  const texts = tricks.map(({ id, trick }) => world.fill(trick.text, id));
  const program = "for (const text of JSON.parse(process.argv[1])) console.log(text)";
  const run = { cwd: world.checkout, env: world.environment };
  return runPlainly(process.execPath, ["-e", program, JSON.stringify(texts)], run);
}

const textAt = (tricks: readonly Named<ShownTrick>[], where: ShownTrick["where"], world: World): string =>
  tricks.flatMap(({ id, trick }) => (trick.where === where ? [world.fill(trick.text, id)] : [])).join(" ");

function scriptOf(text: (where: ShownTrick["where"]) => string) {
  const plan = {
    summary: `Summary ${text("summary")}`,
    subtasks: [
      {
        id: `part ${text("id")}`,
        title: `Title ${text("title")}`,
        instructions: `Do it. ${text("instructions")}`,
        dependsOn: [],
        files: [],
      },
    ],
  };
  const turns: ScriptInput["turns"] = [
    { name: "plan", for: "planner", match: "Task", steps: [{ json: plan }] },
    {
      name: "work",
      for: "codex",
      match: "Do it.",
      steps: [{ run: `echo done > done.txt; printf '%s' '${text("prints")}'` }, { say: `Done. ${text("says")}` }],
    },
  ];
  return defineScript({ continues: ["Go on"], turns });
}
