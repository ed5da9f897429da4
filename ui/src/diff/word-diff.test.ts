import fc from "fast-check";
import { expect, test } from "vitest";
import { type Span, wordChanges } from "./word-diff.ts";

const cut = (text: string, spans: readonly Span[]) => spans.map(({ start, end }) => text.slice(start, end));
const without = (text: string, spans: readonly Span[]) =>
  [...spans].reverse().reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);

test("only the words that changed are marked", () => {
  const [before, after] = ["  return total(items, tax);", "  return sum(items, vat, 2);"];
  const { old, new: next } = wordChanges(before, after);
  expect(cut(before, old)).toEqual(["total", "tax"]);
  expect(cut(after, next)).toEqual(["sum", "vat, 2"]);
});

test("a line that was indented keeps its words", () => {
  const { old, new: next, likeness } = wordChanges("call(a);", "    call(a);");
  expect(old).toEqual([]);
  expect(next).toEqual([{ start: 0, end: 4 }]);
  expect(likeness).toBe(1);
});

test("equal lines have no changes, different ones are unlike", () => {
  expect(wordChanges("a b", "a b")).toEqual({ old: [], new: [], likeness: 1 });
  expect(wordChanges("", "")).toEqual({ old: [], new: [], likeness: 1 });
  expect(wordChanges("alpha beta", "gamma delta").likeness).toBe(0);
});

test("what is not marked is what both lines have in common", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "(", "é"), maxLength: 30 });
  fc.assert(
    fc.property(line, line, (before, after) => {
      const { old, new: next } = wordChanges(before, after);
      // Spaces aside: a space between two changed words is marked with them.
      const kept = (text: string, spans: readonly Span[]) => without(text, spans).replaceAll(" ", "");
      expect(kept(before, old)).toBe(kept(after, next));
    }),
  );
});
