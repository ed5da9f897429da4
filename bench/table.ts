/** What a benchmark measured: rows with a median and a spread, and ratios within the run. */

export interface Table {
  /** What is measured, how, and with which durability. */
  readonly about: string;
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
}

export interface Row {
  readonly name: string;
  /** Milliseconds, or what `unit` says, one for each run. */
  readonly times: readonly number[];
  readonly unit?: Unit;
}

export type Unit = "MB" | "KB" | "bytes" | "steps/s";

export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** What it should be at most or, of things of which there should be many, at least. */
  readonly target: number;
  readonly bound?: "at most" | "at least";
  /** Of a target that is no ratio but an amount. */
  readonly unit?: Unit | "ms";
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Between two values it is in proportion. NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function ratio(name: string, of: Row, to: Row, target: number, bound?: Ratio["bound"]): Ratio {
  return { name, value: median(of.times) / median(to.times), target, ...(bound && { bound }) };
}

/** Of two that were measured in turns: the median of what each round says. What slows a round down slows both of it. */
export function ratioInTurns(name: string, of: Row, to: Row, target: number, bound?: Ratio["bound"]): Ratio {
  const each = of.times.map((time, round) => time / (to.times[round] ?? Number.NaN));
  return { name, value: median(each), target, ...(bound && { bound }) };
}

export function printTable(name: string, { about, rows, ratios }: Table): void {
  console.log(`\n${name}\n  ${about}\n`);
  const width = Math.max(...rows.map((row) => row.name.length), ...ratios.map((entry) => entry.name.length));
  for (const { name: row, times, unit } of rows) {
    const format = formatOf(unit ?? "ms");
    const spread =
      times.length > 1 ? `(${format(Math.min(...times))} to ${format(Math.max(...times))}, ${times.length} runs)` : "";
    console.log(`  ${row.padEnd(width)}  ${format(median(times)).padStart(14)}  ${spread}`.trimEnd());
  }
  for (const { name: entry, value, target, bound = "at most", unit } of ratios) {
    const isMet = bound === "at most" ? value <= target : value >= target;
    const format = unit === undefined ? (figure: number) => figure.toFixed(2) : formatOf(unit);
    const goal = unit === undefined ? target : format(target);
    console.log(
      `  ${entry.padEnd(width)}  ${format(value).padStart(14)}  (target: ${bound} ${goal}, ${isMet ? "met" : "missed"})`,
    );
  }
}

function formatOf(unit: Unit | "ms"): (value: number) => string {
  switch (unit) {
    case "ms":
      return (ms) =>
        ms < 10 ? `${ms.toFixed(3)} ms` : ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
    case "MB":
    case "KB":
      return (value) => `${value.toFixed(1)} ${unit}`;
    case "bytes":
    case "steps/s":
      return (value) => `${Math.round(value).toLocaleString("en-US")} ${unit}`;
  }
}
