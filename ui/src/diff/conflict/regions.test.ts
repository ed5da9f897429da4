import fc from "fast-check";
import { expect, test } from "vitest";
import { commonLines } from "./common-lines.ts";
import { regionsOf } from "./regions.ts";

const marked = [
  "a",
  "b",
  "<<<<<<< ours",
  "x = 1",
  "y = 2",
  "||||||| base",
  "x = 0",
  "=======",
  "x = 9",
  ">>>>>>> theirs",
  "c",
  "",
].join("\n");

test("a conflict shows both sides, and whose each line of the resolution is", () => {
  const regions = regionsOf(marked, "a\nb\nx = 9\ny = 2\nz = 3\nc\n");
  expect(regions).toEqual([
    { kind: "same", lines: ["a", "b"] },
    {
      kind: "conflict",
      ours: [
        { text: "x = 1", isTaken: false },
        { text: "y = 2", isTaken: true },
      ],
      theirs: [{ text: "x = 9", isTaken: true }],
      resolved: [
        { text: "x = 9", origin: "theirs" },
        { text: "y = 2", origin: "ours" },
        { text: "z = 3", origin: "new" },
      ],
    },
    { kind: "same", lines: ["c"] },
  ]);
});

test("while it is not resolved nothing is said of it", () => {
  const [, conflict] = regionsOf(marked, null);
  expect(conflict).toMatchObject({ resolved: null, ours: [{ isTaken: null }, { isTaken: null }] });
});

test("each of several conflicts finds its own place, though lines around them changed", () => {
  const two = [
    "<<<<<<< a",
    "1",
    "=======",
    "2",
    ">>>>>>> b",
    "middle",
    "<<<<<<< a",
    "3",
    "=======",
    "4",
    ">>>>>>> b",
    "end",
  ].join("\n");
  const found = regionsOf(two, "2\nmiddle\n3\n4\nend").filter((region) => region.kind === "conflict");
  expect(found.map(({ resolved }) => resolved?.map(({ text }) => text))).toEqual([["2"], ["3", "4"]]);
});

test("a line that looks like a marker without its others is a line", () => {
  expect(regionsOf("<<<<<<< x\n=======\n", null)).toEqual([{ kind: "same", lines: ["<<<<<<< x", "======="] }]);
});

test("common lines are equal, in order, and as many as there can be", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const pairs = commonLines(a, b);
      for (const [index, [i, j]] of pairs.entries()) {
        expect(a[i]).toBe(b[j]);
        if (index > 0) {
          expect(i).toBeGreaterThan((pairs[index - 1] as [number, number])[0]);
          expect(j).toBeGreaterThan((pairs[index - 1] as [number, number])[1]);
        }
      }
      expect(pairs.length).toBe(longest(a, b));
    }),
  );
});

function longest(a: readonly string[], b: readonly string[]): number {
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      (best[i] as number[])[j] =
        a[i] === b[j]
          ? (best[i + 1]?.[j + 1] as number) + 1
          : Math.max(best[i + 1]?.[j] as number, best[i]?.[j + 1] as number);
  return best[0]?.[0] ?? 0;
}
