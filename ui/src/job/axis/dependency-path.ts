/** The line from the end of one bar to the beginning of another that waited for it. Pure. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** An SVG path: out to the right, a soft turn, in from the left. */
export function dependencyPath(from: Place, to: Place): string {
  const bend = Math.min(22, Math.max(8, Math.abs(to.x - from.x) / 2));
  return `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
}
