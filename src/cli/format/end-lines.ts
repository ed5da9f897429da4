/** The last words of a run: what came out, what it cost, or what went wrong and where; and what to do next. */

import { formatCost } from "../../core/cost.ts";
import { formatDuration } from "../../core/durations.ts";
import { count, formatStat, formatUsage } from "../../core/figures.ts";
import type { JobView } from "../../jobs/job-view.ts";
import { cleanLine } from "./clean.ts";
import { type NextStep, nextSteps } from "./next-steps.ts";
import type { Paint } from "./paint.ts";
import { padToWidth, textWidth } from "./text-width.ts";

export interface EndFacts {
  readonly directory: string;
  /** How long this run took, in milliseconds. */
  readonly tookMs: number;
}

export function endLines(job: JobView, { directory, tookMs }: EndFacts, paint: Paint): string[] {
  return ["", ...headLines(job, tookMs, paint), ...factLines(factsOf(job)), ...stepLines(nextSteps(job, directory))];
}

/** `  branch   result-x` for each fact. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(0, ...facts.map(([name]) => textWidth(name)));
  return facts.map(([name, value]) => `  ${padToWidth(name, width)}  ${value}`);
}

export function stepLines(steps: readonly NextStep[]): string[] {
  return steps.length === 0 ? [] : ["", ...factLines(steps.map(({ purpose, command }) => [`${purpose}:`, command]))];
}

function headLines(job: JobView, tookMs: number, paint: Paint): string[] {
  const { state, subtasks, error } = job;
  const took = formatDuration(tookMs);
  switch (state) {
    case "done": {
      if (job.own) return [`${paint("green", "done")}: ${cleanLine(job.workflow)}, in ${took}`];
      const done = subtasks.filter(({ status }) => status === "done").length;
      const skipped = subtasks.length - done;
      const without = skipped > 0 ? `, ${skipped} skipped` : "";
      return [`${paint("green", "done")}: ${count(done, "subtask")}${without}, in ${took}`];
    }
    case "failed": {
      // The hint of failed subtasks is what the next steps say, with the commands in full.
      const hint = error?.code === "subtasks-failed" ? undefined : error?.hint;
      return [
        `${paint("red", "failed")} after ${took}: ${cleanLine(error?.message ?? "no reason is known", 1000)}`,
        ...(hint ? [`  ${cleanLine(hint)}`] : []),
      ];
    }
    case "cancelled":
      return [`${paint("yellow", "cancelled")} after ${took}; what it has made is kept`];
    default:
      return [`${paint("yellow", "interrupted")} after ${took}; what is finished is kept`];
  }
}

function factsOf(job: JobView): [string, string][] {
  const { state, resultBranch, resultCommit, stat, pushedTo, usage, cost, paths } = job;
  const result: [string, string][] =
    state !== "done"
      ? []
      : resultBranch === null
        ? job.own
          ? []
          : [["branch", "none: nothing was changed"]]
        : [["branch", `${resultBranch} (${resultCommit?.slice(0, 10)})`]];
  return [
    ...(job.own && job.own.output !== null && resultBranch === null
      ? [["output", cleanLine(JSON.stringify(job.own.output), 500)] as [string, string]]
      : []),
    ...result,
    ...(stat ? [["changes", formatStat(stat)] as [string, string]] : []),
    ...(pushedTo === null ? [] : [["pushed to", cleanLine(pushedTo)] as [string, string]]),
    ...(cost ? [["cost", cleanLine(formatCost(cost))] as [string, string]] : []),
    ["tokens", formatUsage(usage)],
    ...(state === "failed" ? [["log", cleanLine(paths.log)] as [string, string]] : []),
  ];
}
