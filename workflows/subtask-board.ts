/** Which subtasks may start, which are blocked, and in which order their work is brought together. Pure. */

import type { DiffStat, Incoming, SubtaskOutline, SubtaskStatus } from "../src/core/coding.ts";
import type { ErrorData } from "../src/core/errors.ts";

/** A subtask as the job's machine follows it. */
export interface BoardEntry extends SubtaskOutline {
  readonly status: SubtaskStatus;
  /** How often it was begun: raised by a retry by hand. */
  readonly tries: number;
  readonly commit: string | null;
  readonly stat: DiffStat | null;
  readonly error: ErrorData | null;
}

/** In the plan's order, in which each subtask stands behind those that it depends on. */
export type Board = readonly BoardEntry[];

export function newBoard(outlines: readonly SubtaskOutline[]): Board {
  return outlines.map(({ id, title, dependsOn }) => ({
    id,
    title,
    dependsOn,
    status: "pending",
    tries: 0,
    commit: null,
    stat: null,
    error: null,
  }));
}

export function update(board: Board, id: string, change: Partial<BoardEntry>): Board {
  return board.map((entry) => (entry.id === id ? { ...entry, ...change } : entry));
}

/** The pending subtasks that may start now, as many as there are free places. */
export function ready(board: Board, concurrency: number): readonly BoardEntry[] {
  const byId = index(board);
  const free = concurrency - board.filter(({ status }) => status === "running").length;
  return board
    .filter(({ status, dependsOn }) => status === "pending" && dependsOn.every((id) => isOver(byId.get(id))))
    .slice(0, Math.max(0, free));
}

/** Marks as blocked whatever waits, directly or not, for a subtask that has failed. */
export function block(board: Board): Board {
  const failed = new Set(board.filter(({ status }) => status === "failed").map(({ id }) => id));
  return board.map((entry) => {
    const isCut = entry.status === "pending" && entry.dependsOn.some((id) => failed.has(id));
    if (!isCut) return entry;
    failed.add(entry.id);
    return { ...entry, status: "blocked" };
  });
}

/** Lets whatever was blocked wait again: some of what it waited for is begun anew, or skipped. */
export function unblock(board: Board): Board {
  return block(board.map((entry) => (entry.status === "blocked" ? { ...entry, status: "pending" } : entry)));
}

export function isSettled(board: Board): boolean {
  return board.every(({ status }) => status !== "pending" && status !== "running");
}

/** The work that a subtask starts from, in the plan's order. What was skipped passes on what it would have started from. */
export function startOf(board: Board, { dependsOn }: SubtaskOutline): readonly Incoming[] {
  const wanted = new Set(dependsOn);
  for (const { id, status, dependsOn: further } of board.toReversed()) {
    if (status === "skipped" && wanted.has(id)) for (const one of further) wanted.add(one);
  }
  return board.filter(({ id }) => wanted.has(id)).flatMap(toIncoming);
}

/**
 * What is to be merged, in the plan's order: the work that is in no other subtask's. The commit of a subtask brings
 * along what it started from, with conflicts between those already resolved.
 */
export function mergeOrder(board: Board): readonly Incoming[] {
  const done = board.filter(({ status }) => status === "done");
  const contained = new Set(done.flatMap((entry) => startOf(board, entry)).map(({ subtaskId }) => subtaskId));
  return board.filter(({ id }) => !contained.has(id)).flatMap(toIncoming);
}

/** Name of the worktree: two hyphens stand in no subtask's id, so a second try cannot meet another subtask. */
export function worktreeName({ id, tries }: BoardEntry): string {
  return tries <= 1 ? id : `${id}--${tries}`;
}

/** One line for each subtask that failed. */
export function failures(board: Board): readonly string[] {
  return board.flatMap(({ id, status, error }) => (status === "failed" ? [`${id}: ${error?.message}`] : []));
}

function isOver(entry: BoardEntry | undefined): boolean {
  return entry?.status === "done" || entry?.status === "skipped";
}

function toIncoming({ id, commit }: BoardEntry): Incoming[] {
  return commit === null ? [] : [{ subtaskId: id, commit }];
}

function index(board: Board): ReadonlyMap<string, BoardEntry> {
  return new Map(board.map((entry) => [entry.id, entry]));
}
