/** The jobs as a table. */

import { type Cost, formatMoney } from "../../core/cost.ts";
import { formatTime } from "../../core/figures.ts";
import type { JobSummary } from "../../jobs/job-view.ts";
import { cleanLine } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { stateStyle } from "./state-style.ts";
import { table } from "./table.ts";

const LONGEST_TASK = 200;

export type ListedJob = JobSummary & { readonly cost: Cost | null };

/** @param columns of the terminal; undefined when it is none */
export function listLines(jobs: readonly ListedJob[], columns: number | undefined, paint: Paint): string[] {
  if (jobs.length === 0) return ['no jobs yet: begin one with orch run "<task>"'];
  // Without prices there is nothing to show in it.
  const isPriced = jobs.some(({ cost }) => cost);
  const withCost = (text: string) => (isPriced ? [text] : []);
  const rows = jobs.map(({ id, state, createdAt, cost, task, repository }) => [
    cleanLine(id),
    state,
    formatTime(createdAt),
    ...withCost(costWord(cost)),
    cleanLine(task, LONGEST_TASK),
    cleanLine(repository),
  ]);
  const head = ["JOB", "STATE", "BEGUN", ...withCost("COST"), "TASK", "REPOSITORY"];
  const lines = table([head, ...rows], columns, head.indexOf("TASK"));
  return lines.map((line, index) => {
    const job = jobs[index - 1];
    // The first such word on the line is the state's: a job's id stands before it, and may hold the word itself.
    const at = job ? line.indexOf(`  ${job.state}`, cleanLine(job.id).length) + 2 : -1;
    if (!job || at < 2) return index === 0 ? paint("dim", line) : line;
    const end = at + job.state.length;
    return `${line.slice(0, at)}${paint(stateStyle(job.state), line.slice(at, end))}${line.slice(end)}`;
  });
}

/** `$0.42`; `$0.42+` if something of it has no price; empty if nothing has. */
function costWord(cost: Cost | null): string {
  if (!cost || (cost.amount === 0 && cost.unpriced.length > 0)) return "";
  return `${formatMoney(cost.amount, cost.currency)}${cost.unpriced.length > 0 ? "+" : ""}`;
}
