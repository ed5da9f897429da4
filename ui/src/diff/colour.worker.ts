/** Colours lines beside the main thread, so that a large file stops no scrolling. */

import { colourLines } from "./colour-lines.ts";
import type { ColourAnswer, ColourRequest } from "./colours.ts";

addEventListener("message", ({ data }: MessageEvent<ColourRequest>) => {
  let lines: ColourAnswer["lines"] = null;
  try {
    lines = colourLines(data.lines, data.language);
  } catch {
    // A grammar that fails on a text leaves it without colours.
  }
  postMessage({ id: data.id, lines } satisfies ColourAnswer);
});
