/** Judges the planner's answer: it becomes a plan that the job can work on, or a list of what is wrong with it. Pure. */

import type { Plan, SubtaskSpec } from "../../core/coding.ts";
import { printable, printableText } from "../../core/ids.ts";
import { pathProblem } from "../commands/repo-path.ts";
import { findCircle } from "./plan-graph.ts";
import type { PlanAnswer } from "./plan-schema.ts";
import { nameSubtasks } from "./subtask-names.ts";

export type PlanVerdict =
  | { readonly ok: true; readonly plan: Plan }
  | {
      readonly ok: false;
      /** Each a sentence for the planner and for the person, printable. */
      readonly problems: readonly string[];
    };

const LONGEST = { summary: 10_000, title: 200, instructions: 20_000, path: 500 };
const MOST_FILES = 200;
/** A nonsense answer can hold thousands of problems: the first ones say enough. */
const MOST_PROBLEMS = 20;

export function checkPlan(answer: PlanAnswer, limits: { readonly maxSubtasks: number }): PlanVerdict {
  const count = answer.subtasks.length;
  if (count === 0) return { ok: false, problems: ["the plan has no subtasks"] };
  if (count > limits.maxSubtasks) {
    return {
      ok: false,
      problems: [`the plan has ${count} subtasks, more than the limit of ${limits.maxSubtasks}: put some together`],
    };
  }

  const problems: string[] = [];
  const names = nameSubtasks(answer.subtasks.map((subtask) => subtask.id));
  problems.push(...names.problems);
  const subtasks = answer.subtasks.map((subtask, index) => {
    const id = names.ids[index] as string;
    const checked = checkSubtask(subtask, id);
    problems.push(...checked.problems.map((problem) => `subtask "${id}": ${problem}`));
    const dependsOn = new Set<string>();
    for (const written of subtask.dependsOn) {
      const target = names.find(written);
      if (target === undefined) {
        problems.push(`subtask "${id}": depends on "${printable(written)}", which is not in the plan`);
      } else if (target === id) problems.push(`subtask "${id}": depends on itself`);
      else dependsOn.add(target);
    }
    return { ...checked.spec, dependsOn: [...dependsOn] };
  });
  const circle = findCircle(subtasks);
  if (circle !== undefined) problems.push(`subtasks depend on each other in a circle: ${circle.join(" → ")}`);

  const summary = printableText(answer.summary).trim();
  if (summary.length > LONGEST.summary) problems.push(tooLong("the summary", summary, LONGEST.summary));
  if (problems.length > 0) return { ok: false, problems: few(problems) };
  return { ok: true, plan: { summary, subtasks } };
}

type Checked = { readonly spec: Omit<SubtaskSpec, "dependsOn">; readonly problems: readonly string[] };

function checkSubtask(subtask: PlanAnswer["subtasks"][number], id: string): Checked {
  const problems: string[] = [];
  const title = oneLine(subtask.title);
  if (title === "") problems.push("the title is empty");
  if (title.length > LONGEST.title) problems.push(tooLong("the title", title, LONGEST.title));
  const instructions = printableText(subtask.instructions).trim();
  if (instructions === "") problems.push("the instructions are empty");
  if (instructions.length > LONGEST.instructions) {
    problems.push(tooLong("the text of the instructions", instructions, LONGEST.instructions));
  }
  if (subtask.files.length > MOST_FILES) {
    problems.push(`names ${subtask.files.length} files, more than ${MOST_FILES}: name the directory instead`);
  }
  const files = new Set<string>();
  for (const written of subtask.files.slice(0, MOST_FILES)) {
    const file = tidyPath(written);
    if (file === "") continue;
    const problem = file.length > LONGEST.path ? tooLong("a path", file, LONGEST.path) : fileProblem(file);
    if (problem === undefined) files.add(file);
    else problems.push(problem);
  }
  return { spec: { id, title, instructions, files: [...files] }, problems };
}

function fileProblem(file: string): string | undefined {
  if (/^[a-z]:[\\/]/i.test(file)) return `"${printable(file)}" is absolute: give a path relative to the repository`;
  return pathProblem(file)?.replace("worktree", "repository");
}

/** `./src//a.ts` and `src/a.ts` are one file; `src/` is `src`. A `..` stays, to be judged. */
function tidyPath(path: string): string {
  const clean = oneLine(path);
  const parts = clean.split("/").filter((part, index) => part !== "." && (part !== "" || index === 0));
  return parts.join("/");
}

function oneLine(text: string): string {
  return printableText(text).replace(/\s+/g, " ").trim();
}

function tooLong(what: string, text: string, limit: number): string {
  return `${what} has ${text.length} characters, the limit is ${limit}`;
}

function few(problems: readonly string[]): readonly string[] {
  const more = problems.length - MOST_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MOST_PROBLEMS), `… and ${more} more problems`] : problems;
}
