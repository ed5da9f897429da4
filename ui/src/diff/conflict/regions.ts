/** A file with git's conflict markers, and what became of it, as regions: what both agreed on, and each conflict. */

import { commonLines } from "./common-lines.ts";

export type Origin = "both" | "ours" | "theirs" | "base" | "new";

export interface ResolvedLine {
  readonly text: string;
  /** Which side had the line; `base`: it stood there before either side changed it. */
  readonly origin: Origin;
}

export interface SideLine {
  readonly text: string;
  /** Whether the resolution has the line; null while there is none. */
  readonly isTaken: boolean | null;
}

export type Region =
  | { readonly kind: "same"; readonly lines: readonly string[] }
  | {
      readonly kind: "conflict";
      readonly ours: readonly SideLine[];
      readonly theirs: readonly SideLine[];
      /** Null while it is not resolved. */
      readonly resolved: readonly ResolvedLine[] | null;
    };

interface Conflict {
  readonly ours: string[];
  readonly base: string[];
  readonly theirs: string[];
}

export function regionsOf(marked: string, resolved: string | null): Region[] {
  const parts = parseMarked(linesOf(marked));
  const agreed = parts.flatMap((part) => (Array.isArray(part) ? part : []));
  const result = resolved === null ? null : linesOf(resolved);
  const placeOf = result ? new Map(commonLines(agreed, result)) : null;
  let seen = 0;
  return parts.map((part): Region => {
    if (Array.isArray(part)) {
      seen += part.length;
      return { kind: "same", lines: part };
    }
    const lines = result && placeOf ? result.slice(...span(placeOf, seen, agreed.length, result.length)) : null;
    return toRegion(part, lines);
  });
}

/** The lines of the result between the nearest agreed ones before and behind a conflict. */
function span(placeOf: ReadonlyMap<number, number>, seen: number, agreed: number, length: number): [number, number] {
  let before = seen - 1;
  while (before >= 0 && !placeOf.has(before)) before -= 1;
  let behind = seen;
  while (behind < agreed && !placeOf.has(behind)) behind += 1;
  return [before < 0 ? 0 : (placeOf.get(before) as number) + 1, placeOf.get(behind) ?? length];
}

function toRegion({ ours, base, theirs }: Conflict, lines: readonly string[] | null): Region {
  if (lines === null) {
    const open = (side: readonly string[]) => side.map((text): SideLine => ({ text, isTaken: null }));
    return { kind: "conflict", ours: open(ours), theirs: open(theirs), resolved: null };
  }
  const [inOurs, inTheirs, inBase, inResult] = [ours, theirs, base, lines].map(
    (side) => new Set(side.map((one) => one.trim())),
  );
  const originOf = (text: string): Origin => {
    const own = inOurs?.has(text.trim());
    const other = inTheirs?.has(text.trim());
    if (own || other) return own && other ? "both" : own ? "ours" : "theirs";
    return inBase?.has(text.trim()) ? "base" : "new";
  };
  const told = (side: readonly string[]) =>
    side.map((text): SideLine => ({ text, isTaken: inResult?.has(text.trim()) ?? false }));
  return {
    kind: "conflict",
    ours: told(ours),
    theirs: told(theirs),
    resolved: lines.map((text) => ({ text, origin: originOf(text) })),
  };
}

/** Agreed lines as they are, conflicts between their markers. What only looks like a marker is a line. */
function parseMarked(lines: readonly string[]): (string[] | Conflict)[] {
  const parts: (string[] | Conflict)[] = [];
  let same: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string;
    const found = /^<{7}( |$)/.test(line) ? parseConflict(lines, index) : null;
    if (!found) {
      same.push(line);
      continue;
    }
    if (same.length > 0) parts.push(same);
    same = [];
    parts.push(found.conflict);
    index = found.end;
  }
  if (same.length > 0) parts.push(same);
  return parts;
}

function parseConflict(lines: readonly string[], start: number): { conflict: Conflict; end: number } | null {
  const conflict: Conflict = { ours: [], base: [], theirs: [] };
  let side: keyof Conflict = "ours";
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = lines[index] as string;
    if (/^\|{7}( |$)/.test(line) && side === "ours") side = "base";
    else if (line === "=======" && side !== "theirs") side = "theirs";
    else if (/^>{7}( |$)/.test(line) && side === "theirs") return { conflict, end: index };
    else conflict[side].push(line);
  }
  return null;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
