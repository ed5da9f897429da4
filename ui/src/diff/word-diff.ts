/** Which words of a changed line are new, and which are gone. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface WordChanges {
  /** Places in the line before that are gone. */
  readonly old: readonly Span[];
  /** Places in the line after that are new. */
  readonly new: readonly Span[];
  /** 0 to 1: the share of the two lines' characters, spaces aside, that stayed. */
  readonly likeness: number;
}

/** Tokens of both lines multiplied: more than that is not compared word by word. */
const MOST_WORK = 250_000;

export function wordChanges(before: string, after: string): WordChanges {
  const a = tokens(before);
  const b = tokens(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const goneA = new Array<boolean>(a.length).fill(false).fill(true, head, a.length - tail);
  const goneB = new Array<boolean>(b.length).fill(false).fill(true, head, b.length - tail);
  keepCommon(a, b, { head, tail }, goneA, goneB);
  slideToWords(a, goneA);
  slideToWords(b, goneB);
  const kept = weight(a, goneA) + weight(b, goneB);
  const all = weight(a) + weight(b);
  return { old: spans(a, goneA), new: spans(b, goneB), likeness: all === 0 ? 1 : kept / all };
}

const tokens = (line: string): string[] => line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

/** Characters that are not spaces, of all tokens or of those that stayed. */
function weight(words: readonly string[], gone?: readonly boolean[]): number {
  return words.reduce((sum, word, index) => (gone?.[index] || /^\s/.test(word) ? sum : sum + word.length), 0);
}

/** The longest common subsequence of what lies between head and tail. */
function keepCommon(
  a: readonly string[],
  b: readonly string[],
  { head, tail }: { head: number; tail: number },
  goneA: boolean[],
  goneB: boolean[],
): void {
  const rows = a.length - head - tail;
  const columns = b.length - head - tail;
  if (rows === 0 || columns === 0 || rows * columns > MOST_WORK) return;
  const width = columns + 1;
  const best = new Float32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1)
    for (let j = columns - 1; j >= 0; j -= 1) {
      const word = a[head + i] as string;
      const down = best[(i + 1) * width + j] as number;
      const right = best[i * width + j + 1] as number;
      // A space that stays is worth little: words decide what belongs together.
      const both = word === b[head + j] ? (best[(i + 1) * width + j + 1] as number) + (/^\s/.test(word) ? 0.1 : 1) : 0;
      best[i * width + j] = Math.max(down, right, both);
    }
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    const here = best[i * width + j] as number;
    if (here === best[(i + 1) * width + j]) i += 1;
    else if (here === best[i * width + j + 1]) j += 1;
    else {
      goneA[head + i++] = false;
      goneB[head + j++] = false;
    }
  }
}

/** `, vat` in front of a comma is as well `vat,`: a change begins with a word where it can. */
function slideToWords(words: readonly string[], gone: boolean[]): void {
  for (let start = 0; start < words.length; start += 1) {
    if (!gone[start] || gone[start - 1]) continue;
    let end = start;
    while (gone[end]) end += 1;
    for (let from = start; end < words.length && !gone[end]; from += 1, end += 1) {
      const word = words[from] as string;
      if (word !== words[end] || /[\p{L}\p{N}_]/u.test(word)) break;
      gone[from] = false;
      gone[end] = true;
    }
  }
}

/** Neighbours in one span; a lone space between two that changed belongs to them. */
function spans(words: readonly string[], gone: readonly boolean[]): Span[] {
  const found: { start: number; end: number }[] = [];
  let place = 0;
  let last: { start: number; end: number } | undefined;
  words.forEach((word, index) => {
    const bridges = last?.end === place && /^\s+$/.test(word) && gone[index + 1] === true;
    if (gone[index] || bridges) {
      if (last?.end === place) last.end += word.length;
      else {
        last = { start: place, end: place + word.length };
        found.push(last);
      }
    }
    place += word.length;
  });
  return found;
}
