import fc from "fast-check";
import { expect, test } from "vitest";
import { segmentsOf } from "../text/segments.ts";
import { parseAnsi } from "./ansi.ts";

const E = "\u001b";
const show = (source: string) => {
  const { text, marks } = parseAnsi(source);
  return segmentsOf(text, [marks]).map(({ text: part, className }) => (className ? `${className}|${part}` : part));
};

test("colours and styles become classes, and end where they end", () => {
  expect(show(`a ${E}[1;31merror${E}[0m b ${E}[92mok${E}[39m c`)).toEqual([
    "a ",
    "ansi-front-1 ansi-bold|error",
    " b ",
    "ansi-front-10|ok",
    " c",
  ]);
});

test("inverse changes sides, also without colours", () => {
  expect(show(`${E}[7mx${E}[27m${E}[31;7my`)).toEqual([
    "ansi-front-ground ansi-back-text|x",
    "ansi-front-ground ansi-back-1|y",
  ]);
});

test("a colour of the 256 or of 16 million is the nearest that the theme has", () => {
  expect(show(`${E}[38;5;196mr${E}[38;2;10;250;5mg${E}[48:5:21mb`)).toEqual([
    "ansi-front-9|r",
    "ansi-front-10|g",
    "ansi-front-10 ansi-back-4|b",
  ]);
});

test("what is not a colour is left out: cursor, titles, links, an end that never comes", () => {
  expect(show(`a${E}[2Kb${E}[10;3Hc${E}]8;;http://x\u0007d${E}]8;;\u0007${E}(Be${E}[?25lf${E}[>4;1mg`)).toEqual([
    "abcdefg",
  ]);
  expect(show(`a${E}]0;never ended`)).toEqual(["a"]);
});

test("hidden text is shown", () => {
  expect(show(`a${E}[8msecret`)).toEqual(["asecret"]);
});

test("a style goes on in the next line", () => {
  const { style } = parseAnsi(`${E}[33mfirst`);
  expect(parseAnsi("second", style).marks).toEqual([{ start: 0, end: 6, className: "ansi-front-3" }]);
});

test("any text: no escape sequence is left, and the marks are in order and inside", () => {
  const part = fc.constantFrom("a", "[", ";", "m", "3", "1", E, "K", "]", "\u0007", "é");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const { text, marks } = parseAnsi(parts.join(""));
      expect(text).not.toContain(E);
      let last = 0;
      for (const { start, end } of marks) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
    }),
  );
});
