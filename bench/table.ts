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
  readonly unit?: "MB";
}

export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** The most that it should be. */
  readonly target: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function ratio(name: string, of: Row, to: Row, target: number): Ratio {
  return { name, value: median(of.times) / median(to.times), target };
}

export function printTable(name: string, { about, rows, ratios }: Table): void {
  console.log(`\n${name}\n  ${about}\n`);
  const width = Math.max(...rows.map((row) => row.name.length), ...ratios.map((entry) => entry.name.length));
  for (const { name: row, times, unit } of rows) {
    const format = unit === undefined ? time : (value: number) => `${value.toFixed(1)} ${unit}`;
    const spread = `${format(Math.min(...times))} to ${format(Math.max(...times))}, ${times.length} runs`;
    console.log(`  ${row.padEnd(width)}  ${format(median(times)).padStart(9)}  (${spread})`);
  }
  for (const { name: entry, value, target } of ratios) {
    const verdict = value <= target ? "met" : "missed";
    console.log(`  ${entry.padEnd(width)}  ${value.toFixed(2).padStart(9)}  (target: at most ${target}, ${verdict})`);
  }
}

function time(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
