/** A job at a glance, made from where it stands: now, or at a point of its history. Pure. */

import { basename } from "node:path";
import type { CodingJobContext } from "../../../workflows/coding-job.ts";
import type { BoardEntry } from "../../../workflows/subtask-board.ts";
import type { SubtaskStatus } from "../../core/coding.ts";
import { costOf, type Prices, type Spending, totalOf } from "../../core/cost.ts";
import type { ErrorData } from "../../core/errors.ts";
import { jobPaths } from "../../core/job-paths.ts";
import { hashJson, type Json } from "../../core/json.ts";
import type { CostView, JobStateName } from "../../core/protocol/common.ts";
import type {
  ActionView,
  JobHead,
  JobItem,
  Progress,
  RepositoryView,
  SubtaskItem,
  Waiting,
} from "../../core/protocol/jobs.ts";
import { childActorId, ROOT_ACTOR } from "../../engine/actor-id.ts";
import type { JobRecord } from "../../store/store.ts";
import { codingOutput } from "../coding-part.ts";
import type { PendingWord } from "../job-view.ts";
import { inputOf, isCodingJob as isCoding } from "../jobs.ts";
import { cutJson } from "./context-changes.ts";
import type { PartFacts } from "./job-facts.ts";
import { fullError, plainError } from "./plain-error.ts";

/** Where a job stands, whoever found it out. */
export interface Moment {
  readonly record: JobRecord;
  readonly state: JobStateName;
  readonly runBy: JobItem["runBy"];
  readonly seq: number;
  readonly updatedAt: number;
  readonly settledAt: number | null;
  readonly phase: string | null;
  readonly context: CodingJobContext | null;
  /** Of the root machine, once it has ended. */
  readonly output: Json | null;
  readonly error: ErrorData | null;
  readonly spent: Spending;
  readonly prices: Prices | null;
  readonly partOf: (part: string | null) => PartFacts;
  /** State value of an actor; null before its first transition. */
  readonly stateOf: (actorId: string) => Json | null;
  readonly pending: readonly PendingWord[];
  readonly actions: readonly ActionView[];
}

export function itemOf(moment: Omit<Moment, "partOf" | "stateOf" | "pending" | "actions">): JobItem {
  const { record, context, error } = moment;
  const output = codingOutput(moment.output);
  const { task, repository } = inputOf(record);
  return {
    id: record.id,
    workflow: record.workflow,
    state: moment.state,
    phase: moment.phase,
    runBy: moment.runBy,
    task,
    repository: repositoryView(repository.root),
    baseBranch: repository.baseBranch,
    resultBranch: output?.resultBranch ?? null,
    progress: progressOf((context?.board ?? []).map(({ status }) => status)),
    usage: { ...totalOf(moment.spent) },
    cost: costView(moment, moment.spent),
    createdAt: record.createdAt,
    updatedAt: moment.updatedAt,
    settledAt: moment.settledAt,
    seq: moment.seq,
    error: error && plainError(error),
  };
}

export function headOf(moment: Moment): JobHead {
  const { record, context, error } = moment;
  const output = codingOutput(moment.output);
  const isCodingJob = isCoding(record);
  const { repository, settings } = inputOf(record);
  const { labels } = record;
  const own = moment.partOf(null);
  const paths = jobPaths(repository.root, record.id);
  const { concurrency, maxSubtasks, plannerModel, codexModel, setup, verify } = settings;
  return {
    ...itemOf(moment),
    isCodingJob,
    output: isCodingJob ? null : (cutJson(moment.output) as JobHead["output"]),
    baseCommit: repository.baseCommit,
    summary: context?.summary ?? "",
    asksApproval: settings.approvePlan,
    waitsFor: waitsFor(moment),
    actions: [...moment.actions],
    pending: [...moment.pending],
    forkedFrom: labels.forkedFrom === undefined ? null : { jobId: labels.forkedFrom, at: Number(labels.forkedAt) },
    result: output && {
      branch: output.resultBranch,
      commit: output.resultCommit,
      stat: output.stat,
      pushedTo: output.pushedTo,
    },
    failure: error && fullError(error),
    line: own.line,
    ownUsage: { ...totalOf(own.spent) },
    ownCost: costView(moment, own.spent),
    settings: { concurrency, maxSubtasks, plannerModel, codexModel, setup: [...setup], verify: [...verify] },
    paths: { log: paths.log, worktrees: paths.worktrees },
  };
}

/** @param instructions by subtask; null to leave them out */
export function subtasksOf(moment: Moment, instructions: ReadonlyMap<string, string> | null): SubtaskItem[] {
  return (moment.context?.board ?? []).map((entry) => subtaskItem(moment, entry, instructions));
}

function subtaskItem(
  moment: Moment,
  { id, title, dependsOn, status, tries, commit, stat, error }: BoardEntry,
  instructions: ReadonlyMap<string, string> | null,
): SubtaskItem {
  const facts = moment.partOf(id);
  const actorId = tries === 0 ? null : childActorId(ROOT_ACTOR, id);
  const isOver = status === "done" || status === "failed";
  return {
    ...{ id, title, instructions: instructions?.get(id) ?? null, dependsOn: [...dependsOn], status },
    phase: actorId === null ? null : topState(moment.stateOf(actorId)),
    actorId,
    tries,
    startedAt: facts.startedAt,
    finishedAt: isOver ? facts.endedAt : null,
    line: status === "running" ? facts.line : null,
    usage: { ...totalOf(facts.spent) },
    cost: costView(moment, facts.spent),
    ...{ commit, stat },
    error: error && fullError(error),
    retry: status === "running" ? facts.retry : null,
  };
}

function costView({ record, prices }: Pick<Moment, "record" | "prices">, spent: Spending): CostView | null {
  return costOf(spent, inputOf(record).settings, prices);
}

export function progressOf(statuses: readonly SubtaskStatus[]): Progress {
  const count = (status: SubtaskStatus) => statuses.filter((one) => one === status).length;
  return {
    total: statuses.length,
    done: count("done"),
    running: count("running"),
    failed: count("failed"),
    blocked: count("blocked"),
    skipped: count("skipped"),
  };
}

/** The server is told a repository by this id, never by a path. */
export function repositoryView(path: string): RepositoryView {
  return { id: hashJson(path).slice(0, 16), name: basename(path) || path, path };
}

/** `verifying` of `{ verifying: "running" }`. */
export function topState(value: Json | null): string | null {
  if (value === null || typeof value === "string") return value;
  return Object.keys(value as Record<string, Json>)[0] ?? null;
}

function waitsFor({ state, phase, context, partOf }: Moment): Waiting[] {
  const waits: Waiting[] = [];
  if (phase === "awaitingApproval" && (state === "waiting" || state === "running")) waits.push({ for: "approval" });
  if (state === "interrupted") waits.push({ for: "resume" });
  if (state === "paused") waits.push({ for: "continue" });
  if (state === "failed") waits.push({ for: "decision" });
  const running = (context?.board ?? []).filter(({ status }) => status === "running").map(({ id }) => id);
  for (const subtaskId of [null, ...running]) {
    const { retry } = partOf(subtaskId);
    if (retry) waits.push({ for: "retry", subtaskId, at: retry.at, error: retry.error });
  }
  return waits;
}
