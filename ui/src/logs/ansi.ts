/**
 * ANSI colours (`ESC[…m`) as marks with classes. Colours of the 256 and of the 16 million become the nearest of the 16
 * that the theme has, so that each is readable on its ground. Every other sequence is left out.
 */

import type { Mark } from "../text/segments.ts";

export interface Coloured {
  readonly text: string;
  readonly marks: readonly Mark[];
  /** What is in force at the end: for the line behind it. */
  readonly style: AnsiStyle;
}

export interface AnsiStyle {
  /** 0 to 15. */
  readonly foreground: number | null;
  readonly background: number | null;
  readonly flags: readonly Flag[];
}

type Flag = "bold" | "dim" | "italic" | "underline" | "inverse" | "strike";

export const PLAIN_STYLE: AnsiStyle = { foreground: null, background: null, flags: [] };

// CSI, OSC and other strings (ended or not), and the escapes of two and three characters.
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\u001b\[([0-9:;<=>?]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]+[0-~]|\u001b[0-9=>A-OQ-WYZ\\a-z|}~]/g;

export function parseAnsi(source: string, before: AnsiStyle = PLAIN_STYLE): Coloured {
  let style = before;
  if (!source.includes("\u001b")) return { text: source, marks: marksOf(style, 0, source.length), style };
  const marks: Mark[] = [];
  let text = "";
  let done = 0;
  const take = (end: number) => {
    // One that begins no sequence is shown: what stands around it must not become one.
    const part = source.slice(done, end).replaceAll("\u001b", "\u241b");
    marks.push(...marksOf(style, text.length, text.length + part.length));
    text += part;
  };
  for (const match of source.matchAll(SEQUENCE)) {
    take(match.index);
    done = match.index + match[0].length;
    if (match[2] === "m" && /^[0-9:;]*$/.test(match[1] ?? "")) style = withCodes(style, match[1] ?? "");
  }
  take(source.length);
  return { text, marks, style };
}

function marksOf(style: AnsiStyle, start: number, end: number): Mark[] {
  const className = classOf(style);
  return className && end > start ? [{ start, end, className }] : [];
}

function classOf({ foreground, background, flags }: AnsiStyle): string {
  const inverse = flags.includes("inverse");
  const [front, back] = inverse ? [background, foreground] : [foreground, background];
  return [
    front === null ? (inverse ? "ansi-front-ground" : "") : `ansi-front-${front}`,
    back === null ? (inverse ? "ansi-back-text" : "") : `ansi-back-${back}`,
    ...flags.filter((flag) => flag !== "inverse").map((flag) => `ansi-${flag}`),
  ]
    .filter(Boolean)
    .join(" ");
}

const FLAGS: Readonly<Record<number, Flag>> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  7: "inverse",
  9: "strike",
};
const ENDS: Readonly<Record<number, readonly Flag[]>> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["strike"],
};

/** "Conceal" (8) is not taken: what was printed is shown. */
function withCodes(before: AnsiStyle, list: string): AnsiStyle {
  const codes = list.split(/[;:]/).map((code) => Number(code || 0));
  let { foreground, background } = before;
  let flags = new Set(before.flags);
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] as number;
    const flag = FLAGS[code];
    if (code === 0) [foreground, background, flags] = [null, null, new Set()];
    else if (flag) flags.add(flag);
    else if (ENDS[code]) for (const ended of ENDS[code]) flags.delete(ended);
    else if (code >= 30 && code <= 37) foreground = code - 30;
    else if (code >= 90 && code <= 97) foreground = code - 82;
    else if (code === 39) foreground = null;
    else if (code >= 40 && code <= 47) background = code - 40;
    else if (code >= 100 && code <= 107) background = code - 92;
    else if (code === 49) background = null;
    else if (code === 38 || code === 48) {
      const isIndexed = codes[index + 1] === 5;
      const colour = isIndexed ? fromIndex(codes[index + 2] ?? 0) : nearest(codes.slice(index + 2, index + 5));
      if (code === 38) foreground = colour;
      else background = colour;
      index += isIndexed ? 2 : 4;
    }
  }
  return { foreground, background, flags: [...flags] };
}

/** The usual 16, as red, green and blue. */
const PALETTE: readonly (readonly number[])[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

function fromIndex(index: number): number | null {
  if (index < 16) return index;
  if (index > 255) return null;
  if (index >= 232) return nearest(Array(3).fill(8 + (index - 232) * 10));
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return nearest([level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]);
}

function nearest(colour: readonly number[]): number | null {
  if (colour.length < 3) return null;
  const distances = PALETTE.map((known) =>
    known.reduce((sum, part, index) => sum + (part - (colour[index] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}
