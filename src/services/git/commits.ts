/** Makes commits that are the same in every attempt: fixed author, fixed date, and the effect's id in the message. */

import { printable, printableText } from "../../core/ids.ts";
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

export interface CommitSummary {
  readonly tree: string;
  readonly subject: string;
}

/** Of each commit, by its id. */
export async function summarize(job: JobRepository, commits: readonly string[]): Promise<Map<string, CommitSummary>> {
  const output = await job.trees.run(["log", "--no-walk=unsorted", "--format=%H %T %s", ...commits.map(checkedId)]);
  const lines = output.split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [id = "", tree = ""] = line.split(" ", 2);
      return [id, { tree, subject: line.slice(id.length + tree.length + 2) }];
    }),
  );
}

export const treeOf = (job: JobRepository, commit: string): Promise<string> =>
  job.trees.line(["rev-parse", "--verify", `${checkedId(commit)}^{tree}`]);

/** Whether `incoming` is in `head` already, stands on top of it, or has gone its own way. */
export async function relation(
  job: JobRepository,
  head: string,
  incoming: string,
): Promise<"included" | "ahead" | "diverged"> {
  const range = `${checkedId(head)}...${checkedId(incoming)}`;
  const counts = await job.trees.line(["rev-list", "--left-right", "--count", range]);
  const [onlyHead, onlyIncoming] = counts.split("\t").map(Number);
  if (onlyIncoming === 0) return "included";
  return onlyHead === 0 ? "ahead" : "diverged";
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
  const { redact } = job.scope;
  const first = printable(redact(subject).trim().split("\n")[0] ?? "", LONGEST_SUBJECT) || "Work without a title";
  return `${[first, printableText(redact(body)).trim(), trailers.join("\n")].filter(Boolean).join("\n\n")}\n`;
}
