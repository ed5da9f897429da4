/** All files of a diff as one list of rows: heads, lines, folds and notes, found by their number without making them all. */

import type { ChangedFile } from "../../../src/core/protocol/diffs.ts";
import { type Fold, type Opened, partsOf } from "./fold.ts";
import type { Hunk } from "./parse-patch.ts";
import { isChange, type Row, rowsOf, type Style } from "./rows.ts";

export type Item =
  | { readonly kind: "file" }
  | { readonly kind: "row"; readonly row: Row; readonly beginsChange: boolean }
  | { readonly kind: "fold"; readonly fold: Fold }
  | { readonly kind: "note"; readonly note: Note };

/** Why no lines are shown, or not all. */
export type Note = "loading" | "failed" | "large" | "binary" | "mode" | "moved" | "type" | "empty" | "cut";

export interface FileState {
  readonly status: "unasked" | "loading" | "failed" | "ready";
  readonly hunks: readonly Hunk[];
  /** The hunks hold every line of the file. */
  readonly isWhole: boolean;
  readonly isCut: boolean;
  readonly opened: ReadonlyMap<number, Opened>;
}

export const UNASKED: FileState = { status: "unasked", hunks: [], isWhole: false, isCut: false, opened: new Map() };

/** Changed lines of a file that is shown only when asked for. */
export const LARGE = 4000;

export const isLarge = ({ insertions, deletions }: ChangedFile): boolean =>
  (insertions ?? 0) + (deletions ?? 0) > LARGE;

/** Why a file has no lines to show; null if it has. */
export function plainNote({ status, insertions, deletions }: ChangedFile): Note | null {
  if (insertions === null || deletions === null) return "binary";
  if (insertions + deletions > 0) return null;
  if (status === "renamed") return "moved";
  if (status === "type") return "type";
  return status === "modified" ? "mode" : "empty";
}

/** A file that has only one side takes all the width for it. */
export const styleOf = ({ status }: ChangedFile, style: Style): Style =>
  status === "added" || status === "deleted" ? "unified" : style;

/** The rows of one file, its head first; only the head of one that is closed. */
export function itemsOfFile(file: ChangedFile, state: FileState, style: Style, isClosed: boolean): Item[] {
  const head: Item = { kind: "file" };
  if (isClosed) return [head];
  const plain = plainNote(file);
  if (plain) return [head, { kind: "note", note: plain }];
  if (state.status === "unasked") return [head, { kind: "note", note: isLarge(file) ? "large" : "loading" }];
  if (state.status !== "ready") return [head, { kind: "note", note: state.status }];
  const items: Item[] = [head];
  for (const part of partsOf(state.hunks, state.isWhole || file.status === "added", state.opened)) {
    if (part.kind === "fold") {
      items.push({ kind: "fold", fold: part });
      continue;
    }
    let wasChange = false;
    for (const row of rowsOf(part.lines, styleOf(file, style))) {
      const changes = isChange(row);
      items.push({ kind: "row", row, beginsChange: changes && !wasChange });
      wasChange = changes;
    }
  }
  if (state.isCut) items.push({ kind: "note", note: "cut" });
  return items;
}

/** A name for the row that stays the same when others before it are opened. */
export function keyOf(item: Item): string {
  if (item.kind === "fold") return `f${item.fold.key}`;
  if (item.kind === "note") return `n${item.note}`;
  if (item.kind === "file") return "h";
  const { left, right } = item.row;
  return `r${left?.old ?? ""}.${left?.new ?? ""}.${right?.new ?? ""}`;
}

/** Where each file begins in the list of all rows, and how many there are. */
export interface Places {
  readonly starts: readonly number[];
  readonly count: number;
}

export function placesOf(lengths: readonly number[]): Places {
  const starts: number[] = [];
  let count = 0;
  for (const length of lengths) {
    starts.push(count);
    count += length;
  }
  return { starts, count };
}

/** The file that a row of the list belongs to. */
export function fileAt({ starts }: Places, index: number): number {
  let [from, to] = [0, starts.length - 1];
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if ((starts[middle] as number) <= index) from = middle;
    else to = middle - 1;
  }
  return from;
}
