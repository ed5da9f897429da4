/** Makes commits that are the same in every attempt: fixed author, fixed date, and the effect's id in the message. */

import { printable, printableText } from "../../core/ids.ts";
import { gitFailed } from "./git.ts";
import { checkedId, type JobRepository } from "./job-repository.ts";

export interface CommitRequest {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly subject: string;
  readonly body?: string;
  readonly subtaskId?: string | undefined;
}

const LONGEST_SUBJECT = 120;

export async function commitTree(job: JobRepository, request: CommitRequest): Promise<string> {
  const { author } = job.repository;
  const date = `@${Math.floor(job.scope.scheduledAt / 1000)} +0000`;
  const parents = request.parents.flatMap((parent) => ["-p", checkedId(parent)]);
  return job.trees.line(["commit-tree", checkedId(request.tree), ...parents, "-F", "-"], {
    input: message(job, request),
    environment: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: date,
    },
  });
}

/** The subtask's id in a worktree's name (`<id>`, or `<id>--2` for a second try); undefined for the result's. */
export const subtaskOf = (worktreeName: string): string | undefined =>
  worktreeName === "result" ? undefined : worktreeName.replace(/--\d+$/, "");

export const treeOf = (job: JobRepository, commit: string): Promise<string> =>
  job.trees.line(["rev-parse", "--verify", `${checkedId(commit)}^{tree}`]);

export const subjectOf = (job: JobRepository, commit: string): Promise<string> =>
  job.trees.line(["log", "-1", "--format=%s", checkedId(commit)]);

export async function isAncestor(job: JobRepository, ancestor: string, of: string): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", checkedId(ancestor), checkedId(of)];
  const result = await job.trees.attempt(args);
  if (result.exitCode === 0 || result.exitCode === 1) return result.exitCode === 0;
  throw gitFailed(args, result);
}

/** Whether the job itself made the commit: by this effect if `effectId` is given, else by any. */
export async function madeByJob(job: JobRepository, commit: string, effectId?: string): Promise<boolean> {
  const body = await job.trees.run(["log", "-1", "--format=%B", checkedId(commit)]);
  const trailers = body.trimEnd().split("\n\n").at(-1)?.split("\n") ?? [];
  return trailers.includes(effectId === undefined ? `Orch-Job: ${job.scope.jobId}` : `Orch-Effect: ${effectId}`);
}

function message(job: JobRepository, { subject, body = "", subtaskId }: CommitRequest): string {
  const trailers = [
    `Orch-Job: ${job.scope.jobId}`,
    ...(subtaskId === undefined ? [] : [`Orch-Subtask: ${subtaskId}`]),
    `Orch-Effect: ${job.scope.effectId}`,
  ];
  const first = printable(subject.trim().split("\n")[0] ?? "", LONGEST_SUBJECT) || "Work without a title";
  return `${[first, printableText(body).trim(), trailers.join("\n")].filter(Boolean).join("\n\n")}\n`;
}
