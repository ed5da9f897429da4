/** Where a time stands on an axis of so many pixels, and where its ticks are. Pure. */

export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export function position({ from, to, width }: TimeScale, time: number): number {
  const share = (time - from) / Math.max(1, to - from);
  return Math.min(1, Math.max(0, share)) * width;
}

export interface Tick {
  readonly x: number;
  /** Since the beginning: `0`, `30s`, `5m`, `1h 30m`. */
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

/** A label that would be cut at the end of the axis is left out. */
const ROOM_FOR_WORDS = 32;

/** Round distances from the beginning, each at least `apart` pixels from the next. */
export function ticks(scale: TimeScale, apart = 88): readonly Tick[] {
  const length = scale.to - scale.from;
  if (length <= 0 || scale.width <= 0) return [];
  const least = (length / scale.width) * apart;
  const step = STEPS.find((one) => one >= least) ?? (STEPS.at(-1) as number);
  const many = Math.floor(length / step);
  const all = Array.from({ length: many + 1 }, (_, index) => ({
    x: position(scale, scale.from + index * step),
    label: sinceBeginning(index * step),
  }));
  return all.filter(({ x }) => x < scale.width - ROOM_FOR_WORDS);
}

function sinceBeginning(ms: number): string {
  if (ms === 0) return "0";
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(ms / DAY), "d"],
    [Math.floor(ms / HOUR) % 24, "h"],
    [Math.floor(ms / MINUTE) % 60, "m"],
    [Math.floor(ms / SECOND) % 60, "s"],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, unit]) => `${number}${unit}`)
    .join(" ");
}
