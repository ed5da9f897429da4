/** Scripts for the scripted model, made from a plan: what each agent writes, and what goes wrong on the way. */

import { defineScript } from "../../src/scripted-model/parse-script.ts";
import type { Script, ScriptInput } from "../../src/scripted-model/script.ts";

type Turn = ScriptInput["turns"][number];
type Step = Turn["steps"][number];

/** The task of every test's job: the planner's turn is known by it. */
export const TASK = "Write the parts";

export interface ScriptedSubtask {
  readonly id: string;
  readonly dependsOn?: readonly string[];
  /** Contents by path. Written by one shell command. */
  readonly writes?: Readonly<Record<string, string>>;
  /** The agent's steps, instead of one that writes and one that says so. */
  readonly steps?: readonly Step[];
  /** Put into the step that writes. */
  readonly step?: Partial<Step>;
}

export interface PlanScript {
  readonly subtasks: readonly ScriptedSubtask[];
  /** The planner's steps before its answer. */
  readonly before?: readonly Step[];
  /** Put into the planner's answer. */
  readonly answer?: Partial<Step>;
  /** Further turns: for conflicts, repairs, follow-ups. They come first. */
  readonly turns?: readonly Turn[];
}

/** Shell text that writes files: what an agent of the tests does. */
export function writing(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, content]) => `mkdir -p "$(dirname '${path}')"\ncat > '${path}' <<'END'\n${content}\nEND`)
    .join("\n");
}

export function planScript({ subtasks, before = [], answer = {}, turns = [] }: PlanScript): Script {
  return defineScript({
    continues: ["Go on"],
    turns: [
      ...turns,
      {
        name: "plan",
        for: "planner",
        match: TASK,
        steps: [...before, { json: planOf(subtasks), ...answer }],
      },
      ...subtasks.map(
        ({ id, writes = { [`${id}.txt`]: `written for ${id}` }, steps, step = {} }): Turn => ({
          name: `work-${id}`,
          for: "codex",
          match: `# Your part: Part ${id} `,
          steps: [...(steps ?? [{ run: writing(writes), ...step }, { say: `Part ${id} is done.` }])],
        }),
      ),
    ],
  } as ScriptInput);
}

export function planOf(subtasks: readonly ScriptedSubtask[]) {
  return {
    summary: "Each part writes its own file.",
    subtasks: subtasks.map(({ id, dependsOn = [] }) => ({
      id,
      title: `Part ${id}`,
      instructions: `Write what belongs to ${id}.`,
      dependsOn: [...dependsOn],
      files: [],
    })),
  };
}
