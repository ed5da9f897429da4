/** Texts that a model, an agent or a repository wrote, made safe for a terminal. */

import { printableText } from "../../core/ids.ts";

/** On one line, whatever it was. */
export function cleanLine(text: string, longest?: number): string {
  return printableText(text.replace(/\s+/g, " ").trim(), longest);
}

/** Of several lines, as it was. */
export function cleanLines(text: string): string[] {
  return printableText(text).trimEnd().replaceAll("\t", "  ").split("\n");
}
