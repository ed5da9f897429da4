/** A job as a page of text. */

import { formatCost } from "../../core/cost.ts";
import { formatStat, formatTime, formatUsage } from "../../core/figures.ts";
import type { ErrorView, JobView, SubtaskView } from "../../jobs/job-view.ts";
import { cleanLine, cleanLines } from "./clean.ts";
import { factLines, stepLines } from "./end-lines.ts";
import { nextSteps } from "./next-steps.ts";
import type { Paint } from "./paint.ts";
import { stateStyle } from "./state-style.ts";

const NO_PRICES = 'say what models cost with "prices" in orch.config.json';

export function showLines(job: JobView, directory: string, paint: Paint): string[] {
  return [
    `${paint("bold", `job ${job.id}`)}  ${paint(stateStyle(job.state), job.state)}${where(job)}`,
    "",
    ...cleanLines(job.task).map((line) => `  ${line}`),
    "",
    ...factLines(factsOf(job)),
    ...(job.error ? ["", ...errorLines(job.error, paint)] : []),
    ...planPart(job, paint),
    ...stepLines(nextSteps(job, directory)),
  ];
}

function where({ state, phase, own, runBy, pending }: JobView): string {
  const facts = [
    ...(state === "waiting" ? [own ? `in ${cleanLine(phase ?? "")}` : "for the plan to be approved"] : []),
    ...(state === "running" || state === "interrupted" ? [cleanLine(phase ?? "not begun")] : []),
    ...(runBy ? [`run by process ${runBy.pid} on ${cleanLine(runBy.host)}`] : []),
    ...(pending.length > 0
      ? [
          `told, and not taken yet: ${cleanLine(pending.map(({ type, subtaskId }) => [type, subtaskId].join(" ").trim()).join(", "))}`,
        ]
      : []),
  ];
  return facts.length > 0 ? ` (${facts.join("; ")})` : "";
}

function factsOf(job: JobView): [string, string][] {
  const { repository, baseBranch, baseCommit, resultBranch, resultCommit, stat, pushedTo, paths } = job;
  const base = baseBranch === null ? "a detached HEAD" : cleanLine(baseBranch);
  return [
    ...ownFacts(job),
    ...fact("repository", repository === "" ? null : cleanLine(repository)),
    ...fact("base", baseCommit === "" ? null : `${baseCommit.slice(0, 10)}, from ${base}`),
    ...fact("forked from", job.forkedFrom && `${job.forkedFrom.jobId}, after entry ${job.forkedFrom.at}`),
    ...fact("sandbox", job.dangerouslyWithoutSandbox ? "NONE: begun with --dangerously-without-sandbox" : null),
    ["begun", formatTime(job.createdAt)],
    ["last change", formatTime(job.updatedAt)],
    ...fact("result", resultBranch === null ? null : `${resultBranch} (${resultCommit?.slice(0, 10)})`),
    ...fact("changes", stat && formatStat(stat)),
    ...fact("pushed to", pushedTo && cleanLine(pushedTo)),
    ["cost", job.cost ? cleanLine(formatCost(job.cost)) : NO_PRICES],
    ["tokens", formatUsage(job.usage)],
    ...(repository === "" ? [] : fact("log", cleanLine(paths.log))),
    ...(repository === "" ? [] : fact("worktrees", cleanLine(paths.worktrees))),
  ];
}

function ownFacts({ own, workflow, phase, state, resultBranch }: JobView): [string, string][] {
  if (!own) return [];
  return [
    ["workflow", `${cleanLine(workflow)} version ${own.version}`],
    ...fact("file", own.file === null ? "none: another program has it" : cleanLine(own.file)),
    ...fact("state", state === "done" || phase === null ? null : cleanLine(phase)),
    ...fact("output", own.output === null || resultBranch !== null ? null : cleanLine(JSON.stringify(own.output), 500)),
  ];
}

function fact(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

function planPart({ summary, subtasks, state }: JobView, paint: Paint): string[] {
  if (subtasks.length === 0) return [];
  return [
    "",
    `${paint("bold", "plan")}: ${cleanLine(summary)}`,
    ...subtasks.flatMap((subtask) => subtaskLines(subtask, state, paint)),
  ];
}

function subtaskLines(subtask: SubtaskView, jobState: JobView["state"], paint: Paint): string[] {
  const { id, title, instructions, dependsOn, commit, stat, error, line } = subtask;
  const status = subtask.status === "running" && jobState !== "running" ? "interrupted" : subtask.status;
  const facts = [
    ...(dependsOn.length > 0 ? [`after ${cleanLine(dependsOn.join(", "))}`] : []),
    ...(commit === null ? [] : [`commit ${commit.slice(0, 10)}`]),
    ...(stat ? [formatStat(stat)] : []),
  ];
  return [
    "",
    `  ${paint("cyan", cleanLine(id))}  ${paint(stateStyle(status), status)}  ${cleanLine(title)}`,
    ...(facts.length > 0 ? [paint("dim", `      ${facts.join("; ")}`)] : []),
    ...(status === "running" && line !== null ? [`      ${cleanLine(line)}`] : []),
    ...(error ? errorLines(error, paint).map((text) => `      ${text}`) : []),
    ...(instructions === "" ? [] : cleanLines(instructions).map((text) => paint("dim", `      ${text}`))),
  ];
}

function errorLines({ message, hint }: ErrorView, paint: Paint): string[] {
  return [paint("red", cleanLine(message, 2000)), ...(hint ? [cleanLine(hint)] : [])];
}
