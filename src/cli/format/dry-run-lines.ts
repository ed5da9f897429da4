/** A dry run, as lines: what was skipped, the plan, and what a job would do with it, in that order. */

import type { CodingJobInput } from "../../core/coding.ts";
import { count, formatUsage } from "../../core/figures.ts";
import type { DryRunEvent } from "../../core/protocol/dry-run.ts";
import { cleanLine, cleanLines } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { shellWord } from "./shell-word.ts";

type Planned = Extract<DryRunEvent, { type: "dry-run.planned" }>;

export function dryRunHead({ jobId, task, repository }: CodingJobInput, paint: Paint): string[] {
  const { root, baseCommit, baseBranch } = repository;
  const branch = baseBranch === null ? "" : ` (${cleanLine(baseBranch)})`;
  return [
    `${paint("bold", `dry run of job ${jobId}`)}: ${cleanLine(task, 200)}`,
    paint("dim", `  in ${cleanLine(root)}, from commit ${baseCommit.slice(0, 10)}${branch}`),
    paint("dim", "planning; nothing is executed, so the plan is made from the task alone"),
  ];
}

export function dryRunLines(event: DryRunEvent, paint: Paint): string[] {
  if (event.type === "dry-run.planned") {
    return [...planLines(event, paint), "", paint("bold", "a job would:"), ...steps(event), "", ...endLines(event)];
  }
  const words = cleanLine(event.command.map(shellWord).join(" "), 300);
  const where = event.directory === "." ? "" : ` in ${cleanLine(event.directory)}`;
  if (event.refused === null) return [`${paint("yellow", "–")} skipped${where}: ${words}`];
  return [`${paint("red", "–")} refused${where}: ${words}`, paint("dim", `  ${cleanLine(event.refused, 500)}`)];
}

function planLines({ summary, subtasks }: Planned, paint: Paint): string[] {
  return [
    "",
    `${paint("bold", `plan, ${count(subtasks.length, "subtask")}:`)} ${cleanLine(summary)}`,
    ...subtasks.flatMap(({ id, title, dependsOn, files, instructions }) => {
      const after = dependsOn.length > 0 ? paint("dim", `  (after ${cleanLine(dependsOn.join(", "))})`) : "";
      return [
        `  ${paint("cyan", cleanLine(id))}  ${cleanLine(title)}${after}`,
        ...cleanLines(instructions).map((line) => paint("dim", `      ${line}`)),
        ...(files.length > 0 ? [paint("dim", `      files: ${cleanLine(files.join(", "))}`)] : []),
      ];
    }),
  ];
}

function steps(planned: Planned): string[] {
  const { subtasks, concurrency, copy, setup, verify, result, push, approvePlan } = planned;
  const base = planned.baseCommit.slice(0, 10);
  const folder = result.worktree.slice(0, result.worktree.lastIndexOf("/worktrees/"));
  const rounds = Map.groupBy(subtasks, ({ round }) => round);
  const all = [
    [`keep its files in ${cleanLine(folder)}/, out of git status by a line in info/exclude`],
    ...(approvePlan ? [["wait for orch approve"]] : []),
    [
      `work on the subtasks, at most ${concurrency} at a time, each in a worktree of its own on orch/${planned.jobId}/<subtask>, from ${base} or from what it waits for:`,
      ...[...rounds.values()].map(
        (round, index) => `${index === 0 ? "first" : "then "} ${cleanLine(round.map(({ id }) => id).join(", "))}`,
      ),
      ...(copy.length > 0 ? [`copied into each: ${cleanLine(copy.join(", "))}`] : []),
      ...commandLines("set up each", setup),
    ],
    [`merge them into branch ${result.branch}, in ${cleanLine(result.worktree)}`],
    verify.commands.length > 0 ? commandLines("verify the result", verify) : ["verify nothing: no command is set"],
    [push ? `push ${result.branch} to ${cleanLine(push.remote)} (${cleanLine(push.url)})` : "push nothing"],
  ];
  return all.flatMap(([first, ...more], index) => [
    `  ${index + 1}. ${first}`,
    ...more.map((line) => `       ${line}`),
  ]);
}

function commandLines(purpose: string, { commands, access }: Planned["setup"]): string[] {
  if (commands.length === 0) return [];
  return [`${purpose} (${REACH[access]}):`, ...commands.map((command) => `  ${cleanLine(command, 300)}`)];
}

const REACH = {
  worktree: "sandboxed, no network",
  network: "sandboxed, with the network",
  everything: "WITHOUT a sandbox",
} as const;

function endLines({ usage, dangerouslyWithoutSandbox, repository }: Planned): string[] {
  return [
    ...(dangerouslyWithoutSandbox ? ["WITHOUT A SANDBOX, as you said: agents could do all that you can"] : []),
    `nothing was executed and nothing was made; the plan cost ${formatUsage(usage)} tokens`,
    `a plan that has read the repository, before any work: orch run --approve-plan --repo ${shellWord(repository)} "<task>"`,
  ];
}
