/** Where a search found something: moving among the hits, and marking them in a line. */

import type { Mark } from "../text/segments.ts";

/** Index of the hit to go to from a line; around the ends. -1 if there is none. `hits` are line numbers, in order. */
export function nextHit(hits: readonly number[], line: number, step: 1 | -1): number {
  if (hits.length === 0) return -1;
  if (step === 1) {
    const found = hits.findIndex((hit) => hit > line);
    return found === -1 ? 0 : found;
  }
  const found = hits.findLastIndex((hit) => hit < line);
  return found === -1 ? hits.length - 1 : found;
}

/** Whether a line is among the hits: `hits` are in order. */
export function isHit(hits: readonly number[], line: number): boolean {
  let [from, to] = [0, hits.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((hits[middle] as number) < line) from = middle + 1;
    else to = middle;
  }
  return hits[from] === line;
}

/** Every place of the words in the text, without regard to case. */
export function hitMarks(text: string, search: string, className = "hit"): Mark[] {
  if (search === "") return [];
  const pattern = new RegExp(search.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    className,
  }));
}
