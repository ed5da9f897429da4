/** A job as one message: where it stands, what came out, and the buttons for what can be done. Pure. */

import type { InlineKeyboardButton } from "grammy/types";
import { formatCost } from "../../core/cost.ts";
import { count, formatStat, formatUsage } from "../../core/figures.ts";
import type { Redact } from "../../core/redact.ts";
import type { JobView, SubtaskView } from "../../jobs/job-view.ts";
import { button } from "./buttons.ts";
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
  addSubtasks(text, job.subtasks);
  if (job.error && job.state === "failed") {
    text.line().quote(job.error.message, 600).line();
    if (job.error.hint !== undefined) text.quote(job.error.hint, 300).line();
  }
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
  return text;
}

function headline(job: JobView, { isFollowed }: JobFacts): string {
  const { state, phase } = job;
  if (phase === "awaitingApproval" && state !== "paused") return "❓ the plan waits for your word";
  if (state === "interrupted") {
    if (!isFollowed) return "💤 stopped; it can be gone on with";
    return phase === null ? "⏳ taken; it waits for its turn" : "⏳ waits for its turn";
  }
  if (state === "running") return `🔧 ${phase ?? "begins"}`;
  return stateWord(state);
}

function stateWord(state: JobView["state"]): string {
  switch (state) {
    case "done":
      return "✅ done";
    case "failed":
      return "❌ failed";
    case "cancelled":
      return "🚫 cancelled";
    case "paused":
      return "⏸ stopped";
    default:
      return state;
  }
}

function addSubtasks(text: MessageText, subtasks: readonly SubtaskView[]): void {
  if (subtasks.length === 0) return;
  text.line();
  const isLong = subtasks.length > MOST_SUBTASKS;
  const shown = isLong
    ? [...subtasks].sort((a, b) => URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status)).slice(0, MOST_SUBTASKS)
    : subtasks;
  for (const { title, status, stat, line, error } of shown) {
    text.say(`${MARKS[status]} `).quote(title, 80);
    if (status === "done" && stat) text.say(`  ${formatStat(stat)}`);
    if (status === "running" && line !== null) text.say("  ").quote(line, 60);
    if (status === "failed" && error) text.line().say("   ").quote(error.message, 200);
    text.line();
  }
  if (isLong) text.say(`… ${count(subtasks.length, "subtask")} in all`).line();
  const done = subtasks.filter(({ status }) => status === "done").length;
  text.say(`${done} of ${count(subtasks.length, "subtask")} done`).line();
}

function addResult(
  text: MessageText,
  { state, resultBranch, resultCommit, stat, pushedTo, usage, cost }: JobView,
): void {
  text.line();
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
  if (usage.inputTokens + usage.outputTokens === 0) return;
  // A model's name comes from a repository.
  if (cost) text.say("cost: ").quote(formatCost(cost), 200).line();
  text.say(`tokens: ${formatUsage(usage)}`).line();
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
