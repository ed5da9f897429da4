/** Tells a person, or with `--json` a program, what a dispatcher does: one line for each thing. */

import { formatCost } from "../core/cost.ts";
import { count, formatStat, formatUsage } from "../core/figures.ts";
import type { DispatchEvent } from "../dispatch/dispatch-event.ts";
import type { TaskReporter } from "../dispatch/task-reporter.ts";
import { cleanLine } from "./format/clean.ts";
import { eventLines, passingLines } from "./format/event-lines.ts";
import { choosePaint, type Paint } from "./format/paint.ts";
import type { Session } from "./session.ts";

export function createDispatchPrinter({ json, stdout, environment }: Session): TaskReporter {
  const paint = choosePaint(stdout.stream, environment);
  return {
    name: "output",
    report: (event) => {
      if (json) stdout.json(event);
      else stdout.lines(dispatchLines(event, paint));
    },
  };
}

/** Each line begins with the job that it is about. */
export function dispatchLines(event: DispatchEvent, paint: Paint): string[] {
  switch (event.type) {
    case "dispatcher.started":
      return [`dispatcher: works in ${event.repository}, ${count(event.concurrency, "job")} at a time`];
    case "dispatcher.left":
      return [
        `dispatcher: not over yet, of an earlier dispatcher: ${count(event.jobIds.length, "job")} (${shortList(event.jobIds)}); --resume goes on with all of them, else with those whose tasks come again`,
      ];
    case "dispatcher.stopped":
      return [
        `dispatcher: ${event.reason === "done" ? "there are no more tasks" : "stopped"}; ${event.done} done, ${event.failed} failed, ${event.refused} refused`,
      ];
    case "source.ready":
      return [`${event.source}: ${cleanLine(event.note)}`];
    case "source.ignored":
      return [paint("dim", `${event.source}: ignored: ${cleanLine(event.reason)}`)];
    case "source.trouble":
      return [paint("yellow", `${event.source}: ${cleanLine(event.error.message, 500)}`)];
    case "reporter.trouble":
      return [paint("yellow", `${event.reporter}: ${cleanLine(event.error.message, 500)}`)];
    case "task.taken": {
      const redacted = event.isRedacted ? " (what looks like a secret was taken out)" : "";
      return [`${paint("bold", event.jobId)}: taken: ${cleanLine(event.task, 200)}${redacted}`];
    }
    case "task.known":
      return [`${event.jobId}: known already, ${event.status}`];
    case "task.refused": {
      const { message, hint } = event.error;
      return [`${event.jobId}: ${paint("red", "refused")}: ${cleanLine(message, 500)}`, ...hintLine(event.jobId, hint)];
    }
    case "task.waiting":
      return [`${event.jobId}: ${WAITS[event.for]}`];
    case "task.broke-off": {
      const { message, hint } = event.error;
      return [
        `${event.jobId}: ${paint("red", "broke off")}: ${cleanLine(message, 500)}`,
        ...hintLine(event.jobId, hint ?? `go on with: orch resume ${event.jobId}`),
      ];
    }
    case "task.finished": {
      const { jobId, status, resultBranch, stat, usage, cost, error } = event;
      const facts = [
        ...(resultBranch === null ? [] : [resultBranch]),
        ...(stat ? [formatStat(stat)] : []),
        ...(cost ? [`cost ${cleanLine(formatCost(cost))}`] : []),
        `tokens ${formatUsage(usage)}`,
        ...(error ? [cleanLine(error.message, 500)] : []),
      ];
      return [`${jobId}: ${paint(status === "done" ? "green" : "red", status)}: ${facts.join("; ")}`];
    }
    case "job.started":
    case "task.moved":
      // The task was told when it was taken; what becomes of it elsewhere, at its end.
      return [];
    case "job.interrupted":
      return [`${event.jobId}: stopped; it can be gone on with: ${event.resume}`];
    default:
      return inJob(event, paint);
  }
}

function inJob(event: Parameters<typeof eventLines>[0], paint: Paint): string[] {
  if (!("jobId" in event)) return [];
  const lines = eventLines(event, { tookMs: undefined, now: Date.now() }, paint);
  return [...passingLines(event, paint), ...lines]
    .filter((line) => line !== "")
    .map((line) => `${event.jobId}: ${line}`);
}

const WAITS = {
  turn: "waits for its turn",
  word: "waits for its plan to be approved or rejected",
  owner: "another orchestrator has it: it is left to that one",
} as const;

function shortList(names: readonly string[]): string {
  return [...names.slice(0, 5), ...(names.length > 5 ? ["…"] : [])].join(", ");
}

function hintLine(jobId: string, hint: string | undefined): string[] {
  return hint === undefined ? [] : [`${jobId}:   ${cleanLine(hint, 500)}`];
}
