/** The conflicts that a job has met: where, in what, and what became of them. */

import type { ConcludeConflictOutput, Conflict, IntegrateOutput } from "../../core/coding.ts";
import { UsageError } from "../../core/errors.ts";
import type { ConflictFile, ConflictView } from "../../core/protocol/diffs.ts";
import { type DiffRequest, fileAt, mergeBase } from "../../services/git/show-diff.ts";
import type { Reads } from "../../store/reads.ts";
import type { HistoryRecord, JobRecord } from "../../store/store.ts";
import { inputOf } from "../jobs.ts";
import { partOf } from "./parts.ts";

const MET = "xstate.done.actor.integrate";
const CONCLUDED = "xstate.done.actor.conclude";
const ENDED = ["xstate.error.actor.resolve", "xstate.error.actor.conclude"];
const LONGEST_FILE = 1_000_000;

interface Found {
  readonly view: ConflictView;
  readonly ours: string;
  readonly conflict: Conflict;
}

export function conflictsOf(reads: Reads, job: JobRecord): ConflictView[] {
  return findConflicts(reads, job).map(({ view }) => view);
}

/** @throws UsageError `conflict-unknown`, `file-unknown` */
export async function conflictFile(reads: Reads, job: JobRecord, id: number, index: number): Promise<ConflictFile> {
  const found = findConflicts(reads, job).find(({ view }) => view.id === id);
  if (!found) throw new UsageError(`job ${job.id} met no conflict at entry ${id}`, { code: "conflict-unknown" });
  const { ours, conflict, view } = found;
  const path = conflict.files[index];
  if (path === undefined) throw new UsageError(`the conflict has no file ${index}`, { code: "file-unknown" });
  const request: DiffRequest = {
    repository: inputOf(job).repository,
    jobId: job.id,
    from: ours,
    to: conflict.commit,
  };
  const notes: string[] = [];
  const read = async (tree: string | null) => {
    const text = tree === null ? null : await fileAt(request, tree, path);
    if (text === null) return null;
    if (text.includes("\0")) notes.push("a side of it is binary");
    else if (text.length > LONGEST_FILE) notes.push("a side of it is longer than 1 MB");
    else return text;
    return null;
  };
  const base = await read(await mergeBase(request));
  const [mine, theirs] = [await read(ours), await read(conflict.commit)];
  const [marked, resolved] = [await read(conflict.tree), await read(view.commit)];
  return { path, base, ours: mine, theirs, marked, resolved, note: notes[0] ?? null };
}

function findConflicts(reads: Reads, job: JobRecord): Found[] {
  const found: Found[] = [];
  const open = new Map<string, Found>();
  for (const entry of reads.listEventsOf(job.id, [MET, CONCLUDED, ...ENDED])) {
    const { type } = entry.event as { readonly type: string };
    if (type === MET) {
      const met = conflictAt(entry);
      if (!met) continue;
      found.push(met);
      open.set(entry.actorId, met);
      continue;
    }
    const current = open.get(entry.actorId);
    if (!current) continue;
    const next = type === CONCLUDED ? concluded(current, entry) : { ...current, view: unresolved(current.view) };
    open.set(entry.actorId, next);
    found[found.indexOf(current)] = next;
  }
  return found;
}

function conflictAt({ seq, at, actorId, event }: HistoryRecord): Found | null {
  const { head, conflict } = (event as unknown as { readonly output: IntegrateOutput }).output;
  if (!conflict) return null;
  const { subtaskId, files, descriptions } = conflict;
  return {
    ours: head,
    conflict,
    view: {
      ...{ id: seq, at, into: partOf(actorId), subtaskId, files: [...files], descriptions: [...descriptions] },
      ...{ state: "open", problems: [], commit: null },
    },
  };
}

function concluded(found: Found, { state, event }: HistoryRecord): Found {
  const { head, problems } = (event as unknown as { readonly output: ConcludeConflictOutput }).output;
  const view: ConflictView = { ...found.view, problems: [...found.view.problems, ...problems] };
  if (head !== null) return { ...found, view: { ...view, state: "resolved", commit: head } };
  return { ...found, view: state === "failed" ? unresolved(view) : view };
}

function unresolved(view: ConflictView): ConflictView {
  return { ...view, state: "unresolved" };
}
