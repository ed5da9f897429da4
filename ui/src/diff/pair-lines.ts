/** Which removed line became which added one, within one change. */

import { wordChanges } from "./word-diff.ts";

/** Lines of both sides multiplied: a larger change is paired by place. */
const MOST_WORK = 2500;
const LONGEST_LINE = 1000;
/** Lines that have less in common are not the same line changed. */
const LEAST_LIKENESS = 0.45;

/** Pairs of indices into `del` and `add`, in order. */
export function pairLines(del: readonly string[], add: readonly string[]): [number, number][] {
  if (del.length === 0 || add.length === 0) return [];
  if (del.length * add.length > MOST_WORK)
    return del.length === add.length
      ? del.flatMap((line, index): [number, number][] =>
          likeness(line, add[index] as string) > 0 ? [[index, index]] : [],
        )
      : [];
  const width = add.length + 1;
  const like = new Float32Array(del.length * add.length);
  const best = new Float32Array((del.length + 1) * width);
  for (let i = del.length - 1; i >= 0; i -= 1)
    for (let j = add.length - 1; j >= 0; j -= 1) {
      const value = likeness(del[i] as string, add[j] as string);
      like[i * add.length + j] = value;
      const both = value > 0 ? value + (best[(i + 1) * width + j + 1] as number) : 0;
      best[i * width + j] = Math.max(both, best[(i + 1) * width + j] as number, best[i * width + j + 1] as number);
    }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < del.length && j < add.length; ) {
    const here = best[i * width + j] as number;
    if (here === best[(i + 1) * width + j]) i += 1;
    else if (here === best[i * width + j + 1]) j += 1;
    else pairs.push([i++, j++]);
  }
  return pairs;
}

/** 0 for lines that are too different, or too long to say. */
function likeness(before: string, after: string): number {
  if (before.length > LONGEST_LINE || after.length > LONGEST_LINE) return 0;
  const short = Math.min(before.length, after.length);
  if (short * 4 < Math.max(before.length, after.length)) return 0;
  const { likeness: value } = wordChanges(before, after);
  return value >= LEAST_LIKENESS ? value : 0;
}
