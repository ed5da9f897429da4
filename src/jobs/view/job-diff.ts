/** What a subtask, or the whole job, changed: from which commit to which, the files, and each file's diff. */

import type { CheckWorkOutput, CommitWorkInput } from "../../core/coding.ts";
import { OrchError, UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { isPlainObject } from "../../core/json.ts";
import type { ChangedFile, DiffView, FileDiff } from "../../core/protocol/diffs.ts";
import { childActorId, ROOT_ACTOR } from "../../engine/actor-id.ts";
import type { PersistedSnapshot } from "../../engine/interpreter.ts";
import { type DiffFile, type DiffRequest, diffFiles, showFileDiff } from "../../services/git/show-diff.ts";
import type { Reads } from "../../store/reads.ts";
import type { JobRecord, Store } from "../../store/store.ts";
import { RESULT } from "../job-turns.ts";
import { contextOf, inputOf, isCodingJob, snapshotOf } from "../jobs.ts";

const LONGEST_PATCH = 2_000_000;

interface Range {
  readonly from: string;
  readonly to: string;
  readonly isFinal: boolean;
}

interface FileQuery {
  readonly of: string;
  readonly to: string;
  /** Its index in the list. */
  readonly file: number;
  /** Unchanged lines around each change. */
  readonly context: number;
}

/** @throws UsageError `subtask-unknown` */
export async function diffView(store: Store, reads: Reads, job: JobRecord, of: string): Promise<DiffView> {
  const range = rangeOf(store, reads, job, of);
  if (!range || range.from === range.to) {
    const stat = { files: 0, insertions: 0, deletions: 0 };
    return { of, from: null, to: null, isFinal: range?.isFinal ?? false, stat, files: [] };
  }
  const files = (await filesOf(job, range)).map(toFile);
  const sum = (pick: (file: ChangedFile) => number | null) =>
    files.reduce((total, file) => total + (pick(file) ?? 0), 0);
  const stat = {
    files: files.length,
    insertions: sum((one) => one.insertions),
    deletions: sum((one) => one.deletions),
  };
  return { of, ...range, stat, files };
}

/** @throws OrchError `diff-changed` if `to` is not what the diff leads to any more; UsageError `file-unknown` */
export async function fileDiff(
  store: Store,
  reads: Reads,
  job: JobRecord,
  { of, to, file: index, context }: FileQuery,
): Promise<FileDiff> {
  const range = rangeOf(store, reads, job, of);
  if (range?.to !== to) {
    throw new OrchError(`what ${of} of job ${job.id} changed is not what it was when the files were listed`, {
      code: "diff-changed",
      hint: "list the files again",
    });
  }
  const files = await filesOf(job, range);
  const file = files[index];
  if (!file) throw new UsageError(`the diff has no file ${index}`, { code: "file-unknown" });
  const whole = await showFileDiff(requestOf(job, range), file, context);
  const start = whole.search(/^@@ /m);
  const patch = start === -1 ? "" : whole.slice(start, start + LONGEST_PATCH);
  return { file: toFile(file, index), patch, isCut: start !== -1 && whole.length - start > LONGEST_PATCH };
}

function rangeOf(store: Store, reads: Reads, job: JobRecord, of: string): Range | null {
  const snapshot = snapshotOf(store, job.id);
  if (!snapshot) return null;
  if (!isCodingJob(job)) return rangeOfOwn(job);
  const { board, head, repository, stat } = contextOf(snapshot);
  if (of === RESULT) return { from: repository.baseCommit, to: head, isFinal: stat !== null };
  const entry = board.find(({ id }) => id === of);
  if (!entry) throw new UsageError(`job ${job.id} has no subtask "${printable(of)}"`, { code: "subtask-unknown" });
  const actorId = childActorId(ROOT_ACTOR, of);
  if (entry.commit !== null) {
    const commit = reads.lastInput(job.id, actorId, "commitWork") as unknown as CommitWorkInput | undefined;
    return commit ? { from: commit.head, to: entry.commit, isFinal: true } : null;
  }
  const text = store.getActor(job.id, actorId)?.snapshot;
  if (!text) return null;
  const context = (JSON.parse(text) as PersistedSnapshot).context as unknown as {
    readonly head: string;
    readonly work: CheckWorkOutput | null;
  };
  return context.work && { from: context.head, to: context.work.snapshot, isFinal: entry.status === "failed" };
}

/** Of a workflow of one's own: what it says of its result at its end, if it says so in the words of a coding job. */
function rangeOfOwn(job: JobRecord): Range | null {
  const to = isPlainObject(job.output) ? job.output.resultCommit : null;
  const { baseCommit } = inputOf(job).repository;
  if (typeof to !== "string" || !/^[0-9a-f]{40,64}$/.test(to) || baseCommit === "") return null;
  return { from: baseCommit, to, isFinal: true };
}

/** The files of a range never change: the last lists are kept. */
const lists = new Map<string, Promise<DiffFile[]>>();
const MOST_LISTS = 20;

function filesOf(job: JobRecord, range: Range): Promise<DiffFile[]> {
  const key = [job.id, inputOf(job).repository.root, range.from, range.to].join("\0");
  const known = lists.get(key);
  if (known) return known;
  const files = diffFiles(requestOf(job, range));
  lists.set(key, files);
  files.catch(() => lists.delete(key));
  const [oldest] = lists.keys();
  if (lists.size > MOST_LISTS && oldest !== undefined) lists.delete(oldest);
  return files;
}

function requestOf(job: JobRecord, { from, to }: Pick<Range, "from" | "to">): DiffRequest {
  return { repository: inputOf(job).repository, jobId: job.id, from, to };
}

const STATUSES: Readonly<Record<string, ChangedFile["status"]>> = {
  A: "added",
  D: "deleted",
  M: "modified",
  R: "renamed",
  T: "type",
};

function toFile({ path, oldPath, status, insertions, deletions }: DiffFile, index: number): ChangedFile {
  return { index, path, oldPath, status: STATUSES[status] ?? "modified", insertions, deletions };
}
