/** What the corpus says: a line for each family, what is wrong, and the sum. */

import { letsThrough, type NaiveGuard, naiveGuards } from "./naive-guards.ts";
import type { Outcome } from "./try-all.ts";

const COLUMNS = ["tried", "landed without the guard", "landed with it"];

export function table(outcomes: readonly Outcome[]): string[] {
  const families = [...Map.groupBy(outcomes, ({ family }) => family)];
  const rows = families.map(([family, ofFamily]) => [family, ...counts(ofFamily)]);
  return aligned([["family", ...COLUMNS], ...rows, ["all", ...counts(outcomes)]]);
}

/** What is wrong: those that landed with the guard, and those whose test could not have failed. */
export function troubles(outcomes: readonly Outcome[]): string[] {
  const describe = ({ family, trick }: Outcome) => `${family} (${trick.door}): ${trick.name}`;
  return [
    ...outcomes.filter(({ guarded }) => guarded).map((outcome) => `LANDED       ${describe(outcome)}`),
    ...outcomes.filter(({ unguarded }) => !unguarded).map((outcome) => `NO CONTROL   ${describe(outcome)}`),
  ];
}

/** What guards that only look at a command's first words would let through, of what the planner's tool is asked for. */
export function naiveLines(outcomes: readonly Outcome[]): string[] {
  const asked = outcomes.flatMap(({ trick, unguarded }) =>
    trick.door === "planner" && unguarded ? [trick.command] : [],
  );
  const line = ({ name, allows }: NaiveGuard) => {
    const through = asked.filter((command) => letsThrough({ name, allows }, command)).length;
    return `For comparison: of the ${asked.length} tricks at the planner's tool, ${name} would let ${through} through.`;
  };
  return naiveGuards.map(line);
}

export function summaryLine(outcomes: readonly Outcome[]): string {
  const [tried, without, guarded] = counts(outcomes);
  return `${tried} tricks, ${without} landed without the guard, ${guarded} landed with it`;
}

function counts(outcomes: readonly Outcome[]): string[] {
  const without = outcomes.filter(({ unguarded }) => unguarded).length;
  const guarded = outcomes.filter(({ guarded }) => guarded).length;
  return [outcomes.length, without, guarded].map(String);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
}
