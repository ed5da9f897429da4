/** The jobs as a table. */

import { formatTime } from "../../core/figures.ts";
import type { JobSummary } from "../../jobs/job-view.ts";
import { cleanLine } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { stateStyle } from "./state-style.ts";
import { table } from "./table.ts";

const TASK = 3;
const LONGEST_TASK = 200;

/** @param columns of the terminal; undefined when it is none */
export function listLines(jobs: readonly JobSummary[], columns: number | undefined, paint: Paint): string[] {
  if (jobs.length === 0) return ['no jobs yet: begin one with orch run "<task>"'];
  const rows = jobs.map(({ id, state, createdAt, task, repository }) => [
    cleanLine(id),
    state,
    formatTime(createdAt),
    cleanLine(task, LONGEST_TASK),
    cleanLine(repository),
  ]);
  const lines = table([["JOB", "STATE", "BEGUN", "TASK", "REPOSITORY"], ...rows], columns, TASK);
  return lines.map((line, index) => {
    const job = jobs[index - 1];
    // The first such word on the line is the state's: a job's id stands before it, and may hold the word itself.
    const at = job ? line.indexOf(`  ${job.state}`, cleanLine(job.id).length) + 2 : -1;
    if (!job || at < 2) return index === 0 ? paint("dim", line) : line;
    const end = at + job.state.length;
    return `${line.slice(0, at)}${paint(stateStyle(job.state), line.slice(at, end))}${line.slice(end)}`;
  });
}
