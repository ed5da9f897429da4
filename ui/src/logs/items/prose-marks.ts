/** What an agent wrote in its usual way of emphasis: code and bold are marked, nothing is taken away or made of it. */

import type { Mark } from "../../text/segments.ts";

const PARTS = /```[^\n]*\n[\s\S]*?(?:```|(?![\s\S]))|`[^`\n]+`|\*\*[^*\n]+\*\*|^#{1,6} .+$/gm;

export function proseMarks(text: string): Mark[] {
  return [...text.matchAll(PARTS)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    className: match[0].startsWith("`") ? "prose-code" : "prose-bold",
  }));
}
