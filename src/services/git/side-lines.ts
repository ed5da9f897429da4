/** Tells whether a resolved conflict still holds something of what each side had written. Pure. */

/** What only one side wrote: lines, and words, that neither the common ancestor nor the other side has. */
export interface SideWork {
  readonly lines: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

/** Brackets and blank lines say nothing about whose they are. */
const MEANS_SOMETHING = /[\p{L}\p{N}]/u;
const WORD = /[\p{L}\p{N}_]+/gu;

export function sideWork(base: string, side: string, other: string): SideWork {
  const lines = without(linesOf(side), linesOf(base), linesOf(other));
  const words = without(wordsOf([...lines].join("\n")), wordsOf(base), wordsOf(other));
  return { lines, words };
}

/**
 * Whether nothing of the side's work is left: no line of it in the file or in what else the resolution touched (it may
 * have moved), and in the file no word that it brought. Two edits of one line are often brought together in a line that
 * is neither's, which is why words count.
 */
export function isDropped(work: SideWork, resolved: string, elsewhere: readonly string[]): boolean {
  if (work.lines.size === 0) return false;
  if ([resolved, ...elsewhere].some((text) => shares(work.lines, linesOf(text)))) return false;
  return !shares(work.words, wordsOf(resolved));
}

/** Git's own rule: a NUL near the start. */
export const isBinary = (text: string): boolean => text.slice(0, 8000).includes("\0");

const without = (set: Set<string>, ...others: Set<string>[]) =>
  new Set([...set].filter((item) => !others.some((other) => other.has(item))));

const shares = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].some((item) => b.has(item));

function linesOf(text: string): Set<string> {
  const lines = text.split("\n").map((line) => line.trim());
  return new Set(lines.filter((line) => MEANS_SOMETHING.test(line)));
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(WORD) ?? []);
}
