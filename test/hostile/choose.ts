/** A choice of the tricks by a seed: of every family and every door some, and the same seed makes the same choice. */

import type { Family, Trick } from "./trick.ts";

/** About `count` of them: of each family's tricks at each door the same part, and at least one. */
export function chooseTricks(families: readonly Family[], count: number, random: () => number): Family[] {
  // A place of its own costs as much as forty tricks that share one: such are chosen less often.
  const isCheap = (trick: Trick) => trick.door === "shown" || trick.alone === undefined;
  const all = families.flatMap(({ tricks }) => tricks).length;
  const part = Math.min(1, count / all);
  return families.map(({ name, tricks }) => ({
    name,
    tricks: [...Map.groupBy(tricks, (trick) => `${trick.door} ${isCheap(trick)}`)].flatMap(([kind, ofKind]) => {
      const share = kind.endsWith("true") ? part : part / 3;
      return take(ofKind, Math.max(1, Math.round(ofKind.length * share)), random);
    }),
  }));
}

function take<T>(items: readonly T[], count: number, random: () => number): T[] {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}
