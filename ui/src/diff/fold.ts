/** What of a file is shown: its changes with some lines around them, and folds for what lies between. */

import type { Hunk, PatchLine } from "./parse-patch.ts";

/** Unchanged lines that are shown around a change: as many as git shows. */
export const CONTEXT = 3;

export interface Fold {
  readonly kind: "fold";
  /** Number, in the file after, of the first line of the gap: names it as long as the file is the same. */
  readonly key: number;
  /** Lines that are hidden now; null if nobody knows: behind the last hunk of a patch. */
  readonly hidden: number | null;
  /** Whether the lines are at hand, or must be asked for. */
  readonly isLoaded: boolean;
  /** What git names for the part that follows. */
  readonly section: string;
}

export interface Run {
  readonly kind: "run";
  readonly lines: readonly PatchLine[];
}

/** How many lines of a gap were opened, from its beginning and from its end. */
export interface Opened {
  readonly head: number;
  readonly tail: number;
}

/**
 * The parts of a file, in order. `isWhole`: the hunks hold every line of the file; then nothing is missing between and
 * behind them. `opened`: by the key of a fold.
 */
export function partsOf(
  hunks: readonly Hunk[],
  isWhole: boolean,
  opened: ReadonlyMap<number, Opened> = new Map(),
): (Fold | Run)[] {
  const parts: (Fold | Run)[] = [];
  let next = 1;
  for (const hunk of hunks) {
    // A side without lines names the line before it.
    const start = firstNew(hunk);
    if (start > next)
      parts.push({ kind: "fold", key: next, hidden: start - next, isLoaded: false, section: hunk.section });
    parts.push(...partsOfLines(hunk.lines, opened));
    next = start + hunk.lines.filter(({ kind }) => kind !== "del").length;
  }
  const last = hunks.at(-1);
  if (!isWhole && last && endsWithContext(last))
    parts.push({ kind: "fold", key: next, hidden: null, isLoaded: false, section: "" });
  return parts;
}

function firstNew(hunk: Hunk): number {
  const holdsNew = hunk.lines.some(({ kind }) => kind !== "del");
  return holdsNew ? hunk.newStart : hunk.newStart + 1;
}

/** A hunk that ends with fewer lines around it than usual ends with the file. */
function endsWithContext({ lines }: Hunk): boolean {
  return lines.length >= CONTEXT && lines.slice(-CONTEXT).every(({ kind }) => kind === "same");
}

function partsOfLines(lines: readonly PatchLine[], opened: ReadonlyMap<number, Opened>): (Fold | Run)[] {
  const parts: (Fold | Run)[] = [];
  let shown = 0;
  let index = 0;
  while (index < lines.length) {
    if (lines[index]?.kind !== "same") {
      index += 1;
      continue;
    }
    let end = index;
    while (end < lines.length && lines[end]?.kind === "same") end += 1;
    const from = index === 0 ? 0 : index + CONTEXT;
    const to = end === lines.length ? end : end - CONTEXT;
    const key = lines[from]?.new;
    if (from < to && key !== null && key !== undefined) {
      const open = opened.get(key) ?? { head: 0, tail: 0 };
      const [first, behind] = [from + open.head, to - open.tail];
      if (first < behind) {
        if (first > shown) parts.push({ kind: "run", lines: lines.slice(shown, first) });
        parts.push({ kind: "fold", key, hidden: behind - first, isLoaded: true, section: "" });
        shown = behind;
      }
    }
    index = end;
  }
  if (shown < lines.length) parts.push({ kind: "run", lines: lines.slice(shown) });
  return parts;
}
