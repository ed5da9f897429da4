/** Puts vertical stretches side by side, so that no two in one lane touch. Pure. */

export interface Stretch {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** Space between two stretches in the same lane. */
const GAP = 10;

/** The lane of each stretch, 0 the innermost. The shorter a stretch, the further in it runs. */
export function lanesOf(stretches: readonly Stretch[]): ReadonlyMap<string, number> {
  const lanes: Stretch[][] = [];
  const found = new Map<string, number>();
  for (const stretch of stretches.toSorted((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from)) {
    const free = lanes.findIndex((lane) =>
      lane.every((one) => one.to + GAP < stretch.from || stretch.to + GAP < one.from),
    );
    const at = free < 0 ? lanes.length : free;
    lanes[at] = [...(lanes[at] ?? []), stretch];
    found.set(stretch.key, at);
  }
  return found;
}
