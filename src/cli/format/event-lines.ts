/** What a job does, as lines that stay: the plain output, and what scrolls by above the live view. */

import { formatDuration } from "../../core/durations.ts";
import { formatStat } from "../../core/figures.ts";
import type { JobEvent } from "../../core/protocol.ts";
import { cleanLine } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { approvalLines, planLines } from "./plan-lines.ts";

export interface EventFacts {
  /** How long the subtask that has just ended took, in milliseconds; undefined if it began in an earlier run. */
  readonly tookMs: number | undefined;
  readonly now: number;
}

type Of<Type extends JobEvent["type"]> = Extract<JobEvent, { type: Type }>;

/** Nothing for what the live view shows, and for the end, which is told with more than the event has. */
export function eventLines(event: JobEvent, { tookMs, now }: EventFacts, paint: Paint): string[] {
  switch (event.type) {
    case "job.started":
      return [
        `${paint("bold", `job ${event.jobId}`)}: ${cleanLine(event.task, 200)}`,
        paint("dim", `  in ${cleanLine(event.repository)}, from commit ${event.baseCommit.slice(0, 10)}`),
        ...sandboxLines(event, paint),
      ];
    case "job.resumed":
      return [
        `${paint("bold", `job ${event.jobId}`)} goes on: ${cleanLine(event.task, 200)}`,
        ...sandboxLines(event, paint),
      ];
    case "job.state":
      return event.isWaiting
        ? [`${paint("bold", "waiting")} in ${cleanLine(event.state)}: orch signal ${event.jobId} ${words(event)}`]
        : [];
    case "plan.ready":
      return planLines(event.summary, event.subtasks, paint);
    case "job.waiting":
      return approvalLines(event.jobId, paint);
    case "subtask.finished":
      return finishedLines(event, tookMs, paint);
    case "retry": {
      const what = event.id === null ? "" : `${cleanLine(event.id)}: `;
      const wait = formatDuration(Math.max(0, event.at - now));
      return [`${paint("yellow", "↻")} ${what}${cleanLine(event.error.message, 300)}; tried again in ${wait}`];
    }
    case "merge.conflict": {
      const where = event.id === null ? "in the result" : `in ${cleanLine(event.id)}`;
      const files = cleanLine(event.files.join(", "), 200);
      return [
        `${paint("yellow", "!")} ${cleanLine(event.subtaskId)} conflicts ${where} (${files}): an agent resolves it`,
      ];
    }
    case "verify.failed":
      return [
        `${paint("yellow", "!")} verify: "${cleanLine(event.command, 200)}" ${event.exitCode === null ? "was ended" : `exited with ${event.exitCode}`}`,
      ];
    default:
      return [];
  }
}

function words({ listensFor }: Of<"job.state">): string {
  return listensFor.length === 0 ? "<event>" : cleanLine(listensFor.join(" | "), 300);
}

function sandboxLines({ dangerouslyWithoutSandbox }: Of<"job.started" | "job.resumed">, paint: Paint): string[] {
  if (dangerouslyWithoutSandbox !== true) return [];
  return [`${paint("red", "!")} WITHOUT A SANDBOX, as you said: its agents and their commands can do all that you can`];
}

/** The others last a moment, or are told by what goes on in them. */
const TOLD_PHASES: readonly string[] = ["planning", "merging", "verifying", "pushing"];

/** What only plain output says: on a terminal the live view shows it. */
export function passingLines(event: JobEvent, paint: Paint): string[] {
  if (event.type === "job.phase") return TOLD_PHASES.includes(event.phase) ? [paint("dim", event.phase)] : [];
  if (event.type === "job.state" && !event.isWaiting) return [`▸ ${cleanLine(event.state)}`];
  if (event.type === "subtask.started") return [`▸ ${cleanLine(event.id)}: ${cleanLine(event.title)}`];
  return [];
}

function finishedLines(event: Of<"subtask.finished">, tookMs: number | undefined, paint: Paint): string[] {
  const { id, title, status, stat, error } = event;
  const what = `${cleanLine(id)}: ${cleanLine(title)}`;
  switch (status) {
    case "done": {
      const facts = [...(stat ? [formatStat(stat)] : []), ...(tookMs === undefined ? [] : [formatDuration(tookMs)])];
      return [`${paint("green", "✓")} ${what}${facts.length > 0 ? paint("dim", `  ${facts.join(", ")}`) : ""}`];
    }
    case "failed":
      return [
        `${paint("red", "✗")} ${what}`,
        `  ${cleanLine(error?.message ?? "it failed", 500)}`,
        ...(error?.hint ? [paint("dim", `  ${cleanLine(error.hint)}`)] : []),
      ];
    case "blocked":
      return [`${paint("yellow", "–")} ${what}  (blocked: what it depends on has failed)`];
    case "skipped":
      return [`${paint("yellow", "–")} ${what}  (skipped)`];
  }
}
