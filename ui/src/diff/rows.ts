/** The rows of a file's diff: one line each (unified), or before and after side by side (split). */

import { pairLines } from "./pair-lines.ts";
import type { PatchLine } from "./parse-patch.ts";

export interface DiffLine extends PatchLine {
  /** The text of the line that this one was, or became; null if there is none. */
  readonly other: string | null;
}

export interface Row {
  /** Unified: the line. Split: what stands on the left. */
  readonly left: DiffLine | null;
  /** Split only. For an unchanged line the same as on the left. */
  readonly right: DiffLine | null;
}

export type Style = "unified" | "split";

/** Rows of lines that follow each other without a gap. */
export function rowsOf(lines: readonly PatchLine[], style: Style): Row[] {
  const rows: Row[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] as PatchLine;
    if (line.kind === "same") {
      const same = { ...line, other: null };
      rows.push({ left: same, right: style === "split" ? same : null });
      index += 1;
      continue;
    }
    let end = index;
    while (end < lines.length && lines[end]?.kind !== "same") end += 1;
    rows.push(...changeRows(lines.slice(index, end), style));
    index = end;
  }
  return rows;
}

/** Whether the row is part of a change. */
export const isChange = (row: Row): boolean => (row.left ?? row.right)?.kind !== "same";

function changeRows(lines: readonly PatchLine[], style: Style): Row[] {
  const del = lines.filter(({ kind }) => kind === "del");
  const add = lines.filter(({ kind }) => kind === "add");
  const pairs = pairLines(
    del.map(({ text }) => text),
    add.map(({ text }) => text),
  );
  const partner = new Map(pairs);
  const partnerOfAdd = new Map(pairs.map(([i, j]) => [j, i]));
  const left = del.map((line, i): DiffLine => ({ ...line, other: add[partner.get(i) ?? -1]?.text ?? null }));
  const right = add.map((line, j): DiffLine => ({ ...line, other: del[partnerOfAdd.get(j) ?? -1]?.text ?? null }));
  if (style === "unified") return [...left, ...right].map((line) => ({ left: line, right: null }));
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...pairs, [left.length, right.length] as const]) {
    // What is only on one side stands next to what is only on the other, so that no height is lost.
    while (i < nextI || j < nextJ)
      rows.push({ left: i < nextI ? (left[i++] ?? null) : null, right: j < nextJ ? (right[j++] ?? null) : null });
    if (nextI < left.length) rows.push({ left: left[i++] ?? null, right: right[j++] ?? null });
  }
  return rows;
}
