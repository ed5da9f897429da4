/**
 * What a job has of a coding job. A workflow of somebody's own has whatever input, context and output it likes: for those
 * who look at jobs it is a coding job without a plan, without settings, and, if its labels name none, without a repository.
 */

import type { CodingJobContext } from "../../workflows/coding-job.ts";
import type { CodingJobInput, CodingJobOutput } from "../core/coding.ts";
import { isPlainObject, type Json } from "../core/json.ts";
import type { JobRecord } from "../store/store.ts";

/** What is looked at of a record. */
export type Asked = Pick<JobRecord, "input"> & Partial<Pick<JobRecord, "labels" | "workflow">>;

export function isCodingInput(input: unknown): boolean {
  const { task, repository, settings } = fieldsOf(input);
  return typeof task === "string" && typeof fieldsOf(repository).root === "string" && isPlainObject(settings as Json);
}

export function codingInput(job: Asked): CodingJobInput {
  if (isCodingInput(job.input)) return job.input as unknown as CodingJobInput;
  const { task } = fieldsOf(job.input);
  const { labels = {}, workflow = "a job" } = job;
  return {
    jobId: "",
    task: typeof task === "string" && task !== "" ? task : (labels.task ?? workflow),
    repository: { ...NO_REPOSITORY, root: labels.repository ?? "" },
    settings: NO_SETTINGS,
  };
}

export function codingContext(context: unknown): CodingJobContext {
  const fields = fieldsOf(context);
  const board = Array.isArray(fields.board) && fields.board.every(isBoardEntry) ? fields.board : [];
  const summary = typeof fields.summary === "string" ? fields.summary : "";
  return { ...fields, board, summary } as unknown as CodingJobContext;
}

/** Null for what is no result of a coding job. */
export function codingOutput(output: unknown): CodingJobOutput | null {
  return "resultBranch" in fieldsOf(output) ? (output as CodingJobOutput) : null;
}

function isBoardEntry(entry: unknown): boolean {
  const { id, title, status, dependsOn, tries } = fieldsOf(entry);
  const words = [id, title, status].every((one) => typeof one === "string");
  return words && typeof tries === "number" && Array.isArray(dependsOn);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isPlainObject(value as Json) ? (value as Readonly<Record<string, unknown>>) : {};
}

const NO_REPOSITORY: CodingJobInput["repository"] = {
  root: "",
  gitDir: "",
  objectFormat: "sha1",
  baseCommit: "",
  baseBranch: null,
  author: { name: "", email: "" },
  push: null,
};

const NO_SETTINGS: CodingJobInput["settings"] = {
  concurrency: 0,
  maxSubtasks: 0,
  approvePlan: false,
  plannerModel: "",
  codexModel: null,
  setup: [],
  verify: [],
  copy: [],
  maxFollowUps: 0,
  maxRepairs: 0,
  turnSilenceMs: 0,
  turnLimitMs: 0,
  commandLimitMs: 0,
};
