/** The words that an agent is asked with. Pure: a request and the plan in, text out. */

import type { Plan, SubtaskSpec, TurnRequest } from "../../core/coding.ts";
import { OrchError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";

export interface PromptInput {
  readonly request: TurnRequest;
  /** The job's artifact `plan`. */
  readonly plan: Plan | undefined;
  /** Name of the worktree: a subtask's id, `<id>--2` for a second try by hand, or `result`. */
  readonly worktree: string;
}

/** What a thread is told whose process was stopped: it knows the rest. Begins with "Go on". */
export const GO_ON = `Go on with what you were asked. Your process was stopped before you were done, and has been started again.
Look at the worktree first: what you did before is still there, but a command that was running may have done only a part.`;

const RULES = `# Rules

- Work only inside the current directory. It is a git worktree of your own; change nothing outside of it.
- Do not commit, and run no git command that changes anything (add, commit, branch, checkout, stash, reset, merge …).
  The orchestrator commits what you leave in the worktree.
- Do not create a git repository or a submodule inside the worktree.
- Install nothing, unless you are asked to. There is no network.
- Leave no process running, and no temporary files in the worktree.
- Nobody can answer questions: decide yourself, and say at the end what you decided.
- When you are done, say in a few sentences what you changed and what you could not check.`;

/** The whole prompt of a turn. Throws an `OrchError` (`subtask-not-in-plan`) when the plan lacks what is asked for. */
export function turnPrompt({ request, plan, worktree }: PromptInput): string {
  switch (request.kind) {
    case "subtask":
      return subtaskPrompt(request.task, findSubtask(plan, request.subtaskId), plan);
    case "instructions":
      return join(request.text.trim(), RULES);
    case "follow-up":
      return followUpPrompt(request.problems);
    case "conflict":
      return conflictPrompt(request, plan);
    case "repair":
      return repairPrompt(request, plan, worktree);
  }
}

/** Whether the request goes on with work that was begun by an earlier turn of the same thread. */
export function isContinued(request: TurnRequest): boolean {
  return request.kind === "follow-up" || (request.kind === "conflict" && request.problems.length > 0);
}

/**
 * The prompt of a turn that has no thread to go on with, as it is lost or another job's: a new one is asked, which knows
 * nothing of what was said and done before.
 */
export function restartPrompt(input: PromptInput): string {
  const before = input.request.kind === "follow-up" ? storyBefore(input) : [];
  return join(...before, turnPrompt(input), "A part of the work may be in the worktree already: look at it first.");
}

/** A follow-up itself says only what is wrong. */
function storyBefore({ plan, worktree }: PromptInput): readonly string[] {
  const subtask = plan?.subtasks.find(({ id }) => id === worktree.replace(/--\d+$/, ""));
  if (subtask) return ["You take over from another agent, who was asked this:", partOf(subtask, plan), RULES];
  const asked = `You take over from another agent. The parts of a task, done by several agents, were merged in the current \
directory; a command that checks the work failed, and the agent was asked to repair the cause without weakening the check.`;
  return [asked, ...(plan ? [whatWasDone(plan)] : []), RULES];
}

function subtaskPrompt(task: string, subtask: SubtaskSpec, plan: Plan | undefined): string {
  return join(
    `You work on one part of a larger task. Other agents work on the other parts at the same time, each in a worktree of \
their own; an orchestrator brings the parts together afterwards.`,
    `# The whole task\n\n${task.trim()}`,
    partOf(subtask, plan),
    RULES,
  );
}

function partOf(subtask: SubtaskSpec, plan: Plan | undefined): string {
  const before = subtask.dependsOn.map((id) => `- ${titleOf(id, plan)}`);
  const others = (plan?.subtasks ?? []).filter(({ id }) => id !== subtask.id && !subtask.dependsOn.includes(id));
  return join(
    `# Your part: ${subtask.title} (subtask \`${subtask.id}\`)`,
    subtask.instructions.trim(),
    subtask.files.length > 0 && `Files it is expected to touch: ${listed(subtask.files)}.`,
    before.length > 0 && `It builds on these parts, which are in your worktree already:\n\n${before.join("\n")}`,
    others.length > 0 &&
      `Leave these parts to the other agents:\n\n${others.map(({ id }) => `- ${titleOf(id, plan)}`).join("\n")}`,
  );
}

function followUpPrompt(problems: readonly string[]): string {
  return join(
    "Your work cannot be taken as it is:",
    bullets(problems),
    "Set this right in the worktree. The rules are as before: do not commit, stay in the current directory.",
  );
}

function conflictPrompt(request: Extract<TurnRequest, { kind: "conflict" }>, plan: Plan | undefined): string {
  const { conflict } = request;
  const subtask = plan?.subtasks.find(({ id }) => id === conflict.subtaskId);
  return join(
    `Several agents worked on parts of one task, and their work is being merged in the current directory. Bringing in the \
subtask \`${conflict.subtaskId}\`${subtask ? ` (${subtask.title})` : ""} conflicts with what was merged before. Resolve this conflict.`,
    `# The whole task\n\n${request.task.trim()}`,
    subtask && `# What the incoming subtask was asked\n\n${subtask.instructions.trim()}`,
    plan && `# All parts\n\n${plan.subtasks.map(({ id }) => `- ${titleOf(id, plan)}`).join("\n")}`,
    `# The files in conflict\n\n${conflict.files.map((file) => `- ${quoted(file)}`).join("\n")}`,
    conflict.descriptions.length > 0 &&
      `What git says of them:\n\n${conflict.descriptions.map((sentence) => `- ${printable(sentence, 500)}`).join("\n")}`,
    `In each of them, git's conflict markers (\`<<<<<<<\`, \`=======\`, \`>>>>>>>\`) show both sides: first what was merged before, \
then what comes in. A file without markers was changed on one side and deleted or renamed on the other: decide which of the two it is.

- Keep the intent of both sides. Drop nothing silently; if something must go, say what and why.
- No conflict marker may be left.
- Change other files only where the resolution needs it.`,
    request.problems.length > 0 && `An earlier resolution was not accepted:\n\n${bullets(request.problems)}`,
    RULES,
  );
}

function repairPrompt(
  request: Extract<TurnRequest, { kind: "repair" }>,
  plan: Plan | undefined,
  worktree: string,
): string {
  const ended = request.exitCode === null ? "did not end in time" : `ended with exit code ${request.exitCode}`;
  return join(
    `${worktree === "result" ? "The parts of a task, done by several agents, were merged in the current directory." : ""} \
A command that checks the work ${ended}. Find out why, and repair it.`.trim(),
    `# The whole task\n\n${request.task.trim()}`,
    plan && whatWasDone(plan),
    `# The command\n\n${fenced(request.command)}`,
    `# The end of its output\n\n${fenced(request.outputTail)}`,
    "Repair the cause. Do not weaken the check: no test deleted, skipped or made to pass whatever happens.",
    RULES,
  );
}

function whatWasDone(plan: Plan): string {
  const parts = plan.subtasks.map(({ id }) => `- ${titleOf(id, plan)}`).join("\n");
  return `# What was done\n\n${plan.summary.trim()}\n\n${parts}`;
}

function findSubtask(plan: Plan | undefined, id: string): SubtaskSpec {
  const subtask = plan?.subtasks.find((candidate) => candidate.id === id);
  if (subtask) return subtask;
  throw new OrchError(`the plan has no subtask "${printable(id)}"`, { code: "subtask-not-in-plan" });
}

function titleOf(id: string, plan: Plan | undefined): string {
  const title = plan?.subtasks.find((subtask) => subtask.id === id)?.title;
  return title === undefined ? `\`${id}\`` : `${title} (\`${id}\`)`;
}

function join(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join("\n\n");
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence.trim()}`).join("\n");
}

function listed(files: readonly string[]): string {
  return files.map(quoted).join(", ");
}

/** A file's name may hold anything, a newline too. */
function quoted(file: string): string {
  return `\`${printable(file, 500)}\``;
}

/** A fence that the text cannot close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}
