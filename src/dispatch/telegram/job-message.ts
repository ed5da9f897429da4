/** A job as one message: where it stands, what came out, and the buttons for what can be done. Pure. */

import type { InlineKeyboardButton } from "grammy/types";
import { formatCost } from "../../core/cost.ts";
import { formatDuration } from "../../core/durations.ts";
import { count, formatStat, formatUsage } from "../../core/figures.ts";
import type { Redact } from "../../core/redact.ts";
import type { JobView, SubtaskView } from "../../jobs/job-view.ts";
import { button } from "./buttons.ts";
import { addHint } from "./hint.ts";
import { MessageText } from "./message-text.ts";

export interface JobFacts {
  /** This dispatcher sees to it: it is not run now because others are. */
  readonly isFollowed: boolean;
  /** The history entry of its plan; null before there is one. */
  readonly plan: number | null;
  readonly redact: Redact;
}

export interface JobMessage {
  readonly text: MessageText;
  readonly buttons: InlineKeyboardButton[];
  /** The history entry of the plan that waits to be approved; null if none does. */
  readonly asks: number | null;
}

const MOST_SUBTASKS = 15;
/** With all subtasks that are shown, a message still holds it. */
const LONGEST_INSTRUCTIONS = 140;
const MARKS: Readonly<Record<SubtaskView["status"], string>> = {
  pending: "·",
  running: "▸",
  done: "✓",
  failed: "✗",
  blocked: "–",
  skipped: "–",
};
/** What one wants to see first where there is no room for all. */
const URGENCY: readonly SubtaskView["status"][] = ["failed", "running", "blocked", "pending", "skipped", "done"];

export function jobMessage(job: JobView, facts: JobFacts): JobMessage {
  const text = new MessageText(facts.redact).strong(headline(job, facts)).line().quote(job.task).line();
  if (job.phase === "awaitingApproval" && job.summary !== "") text.line().quote(job.summary, 600).line();
  addSubtasks(text, job.subtasks, job.phase === "awaitingApproval");
  if (job.state === "failed") addFailure(text, job);
  addResult(text, job);
  text.line().say("job ").quote(job.id);
  const asks = job.phase === "awaitingApproval" && job.state !== "paused" ? facts.plan : null;
  return { text, buttons: buttonsOf(job, facts), asks };
}

/** How it ended, in a line: the message that rings the bell. */
export function answerText(job: JobView, redact: Redact): MessageText {
  const text = new MessageText(redact).strong(stateWord(job.state)).say(": ").quote(job.task, 120);
  if (job.state === "done" && job.stat)
    text
      .line()
      .say(`${formatStat(job.stat)}, on `)
      .quote(job.resultBranch ?? "no branch");
  if (job.state === "done" && !job.stat) text.line().say("nothing was changed");
  if (job.state === "failed" && job.error) text.line().quote(job.error.message, 300);
  if (hasCost(job)) addCost(text.line(), job);
  if (job.state === "done") text.say(`${hasCost(job) ? ", " : "\n"}in ${formatDuration(took(job))}`);
  return text;
}

const hasCost = ({ usage }: JobView) => usage.inputTokens + usage.outputTokens > 0;

/** What a job has cost: the one place where it is said in a chat. A model's name comes from a repository. */
function addCost(text: MessageText, { usage, cost }: JobView): MessageText {
  if (cost) text.say("cost: ").quote(formatCost(cost), 200).line();
  return text.say(`tokens: ${formatUsage(usage)}`);
}

/** From the message to the end, in milliseconds: with all that it waited for. */
const took = ({ createdAt, updatedAt }: JobView) => updatedAt - createdAt;

/** Which subtasks failed, and why, stands with them already. */
function addFailure(text: MessageText, { error }: JobView): void {
  if (error?.code === "subtasks-failed") {
    text.line().say("/retry tries again what failed, /skip and a subtask's name goes on without it.").line();
    return;
  }
  if (!error) return;
  addHint(text.line().quote(error.message, 600), error.hint).line();
}

function headline(job: JobView, { isFollowed }: JobFacts): string {
  const { state, phase } = job;
  if (phase === "awaitingApproval" && state !== "paused") return "❓ the plan waits for your word";
  if (state === "interrupted") {
    if (!isFollowed) return "💤 stopped; it can be gone on with";
    return phase === null ? "⏳ taken; it waits for its turn" : "⏳ waits for its turn";
  }
  if (state === "running") return `${stateMark(state)} ${phase ?? "begins"}`;
  return stateWord(state);
}

function stateWord(state: JobView["state"]): string {
  return `${stateMark(state)} ${state === "paused" ? "stopped" : state}`;
}

export function stateMark(state: JobView["state"]): string {
  return STATE_MARKS[state];
}

const STATE_MARKS = {
  done: "✅",
  failed: "❌",
  cancelled: "🚫",
  paused: "⏸",
  waiting: "❓",
  running: "🔧",
  interrupted: "💤",
} as const satisfies Readonly<Record<JobView["state"], string>>;

/** @param withInstructions what each agent will be told, too: whoever approves a plan wants to know */
function addSubtasks(text: MessageText, subtasks: readonly SubtaskView[], withInstructions: boolean): void {
  if (subtasks.length === 0) return;
  text.line();
  const isLong = subtasks.length > MOST_SUBTASKS;
  const shown = isLong
    ? [...subtasks].sort((a, b) => URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status)).slice(0, MOST_SUBTASKS)
    : subtasks;
  for (const { id, title, dependsOn, instructions, status, stat, line, error } of shown) {
    text.say(`${MARKS[status]} `).quote(title, 80);
    if (status === "done" && stat) text.say(`  ${formatStat(stat)}`);
    if (status === "running" && line !== null) text.say("  ").quote(line, 60);
    if (status === "failed") text.say("  ").quote(id);
    if (status === "failed" && error) text.line().say("   ").quote(error.message, 200);
    if (withInstructions && dependsOn.length > 0) text.say("  after ").quote(dependsOn.join(", "), 80);
    if (withInstructions) text.line().say("   ").quote(instructions, LONGEST_INSTRUCTIONS);
    text.line();
  }
  if (isLong) text.say(`… ${count(subtasks.length, "subtask")} in all`).line();
  const done = subtasks.filter(({ status }) => status === "done").length;
  if (!withInstructions) text.say(`${done} of ${count(subtasks.length, "subtask")} done`).line();
}

function addResult(text: MessageText, job: JobView): void {
  const { state, resultBranch, resultCommit, stat, pushedTo } = job;
  if (state === "done" || hasCost(job)) text.line();
  if (state === "done") {
    if (resultBranch === null) text.say("branch: none, nothing was changed").line();
    else
      text
        .say("branch: ")
        .quote(resultBranch)
        .say(` (${resultCommit?.slice(0, 10) ?? ""})`)
        .line();
    if (stat) text.say(`changes: ${formatStat(stat)}`).line();
    if (pushedTo !== null) text.say("pushed to: ").quote(pushedTo).line();
  }
  if (hasCost(job)) addCost(text, job).line();
}

function buttonsOf(
  { id, state, phase, resultBranch }: JobView,
  { isFollowed, plan }: JobFacts,
): InlineKeyboardButton[] {
  if (state === "paused") return [...button("resume", id), ...button("cancel", id)];
  if (phase === "awaitingApproval") {
    return [...button("approve", id, plan), ...button("reject", id, plan), ...button("cancel", id)];
  }
  if (state === "failed") return [...button("retry", id), ...button("cancel", id)];
  if (state === "done") return resultBranch === null ? [] : button("diff", id);
  if (state === "cancelled") return [];
  if (state === "interrupted" && !isFollowed) return [...button("resume", id), ...button("cancel", id)];
  return button("stop", id);
}
