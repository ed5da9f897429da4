/** A plan as lines: the subtasks in their order, and what each waits for. */

import type { SubtaskOutline } from "../../core/coding.ts";
import { count } from "../../core/figures.ts";
import { cleanLine } from "./clean.ts";
import type { Paint } from "./paint.ts";

export function planLines(summary: string, subtasks: readonly SubtaskOutline[], paint: Paint): string[] {
  return [
    `${paint("bold", `plan, ${count(subtasks.length, "subtask")}:`)} ${cleanLine(summary)}`,
    ...subtasks.map(({ id, title, dependsOn }) => {
      const after = dependsOn.length > 0 ? paint("dim", `  (after ${cleanLine(dependsOn.join(", "))})`) : "";
      return `  ${paint("cyan", cleanLine(id))}  ${cleanLine(title)}${after}`;
    }),
  ];
}

/** What a person can do while the job waits for them. */
export function approvalLines(jobId: string, paint: Paint): string[] {
  return [
    `${paint("yellow", "the plan waits for your approval")}; see all of it with "orch show ${jobId}", then, from any terminal:`,
    `  orch approve ${jobId}`,
    `  orch reject ${jobId} --feedback "<what is to be different>"`,
  ];
}
