/** A table of texts: columns as wide as what stands in them, one of which gives way when the terminal is narrow. */

import { cutToWidth, padToWidth, textWidth } from "./text-width.ts";

const GAP = "  ";
/** A column that gives way keeps this much, so that its head can be read. */
const NARROWEST = 8;

/**
 * @param rows the first is the head; each has the same number of cells
 * @param columns of the terminal; undefined: as wide as it gets
 * @param elastic index of the column that is cut when the table does not fit
 */
export function table(rows: readonly (readonly string[])[], columns: number | undefined, elastic: number): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => textWidth(row[index] ?? ""))));
  const all = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
  const tooMuch = columns === undefined ? 0 : all - columns;
  if (tooMuch > 0) widths[elastic] = Math.max(NARROWEST, (widths[elastic] ?? 0) - tooMuch);
  return rows.map((row) => {
    const cells = row.map((cell, index) => padToWidth(cutToWidth(cell, widths[index] ?? 0), widths[index] ?? 0));
    const line = cells.join(GAP).trimEnd();
    return columns === undefined ? line : cutToWidth(line, columns);
  });
}
