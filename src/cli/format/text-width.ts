/** How many columns a text takes on a terminal, and cutting it to fit: a line that wraps would break the live view. */

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Chinese, Japanese, Korean and full-width characters take two columns, and so do pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
/** Marks that stand on the character before, and what is not seen. */
const NARROWEST = /^[\p{Mark}\p{Format}\p{Control}]+$/u;

export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of segments.segment(text)) width += columnsOf(segment);
  return width;
}

/** `text` as it is if it fits, else its beginning and an ellipsis. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of segments.segment(text)) {
    width += columnsOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns < 1 ? "" : `${kept}…`;
}

export function padToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

function columnsOf(segment: string): number {
  if (NARROWEST.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}
