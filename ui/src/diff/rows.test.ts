import { expect, test } from "vitest";
import { parsePatch } from "./parse-patch.ts";
import { isChange, type Row, rowsOf } from "./rows.ts";

const lines = (body: string) => parsePatch(`@@ -1,99 +1,99 @@\n${body}`)[0]?.lines ?? [];
const words = (rows: readonly Row[]) => rows.map(({ left, right }) => [left?.text ?? null, right?.text ?? null]);

const renamed = lines(
  " a\n-const one = first(x);\n-gone entirely\n+const one = second(x);\n+new thing here\n+and more\n z\n",
);

test("unified: removed lines before added ones, each with the line that it was or became", () => {
  const rows = rowsOf(renamed, "unified");
  expect(words(rows).map(([text]) => text)).toEqual([
    "a",
    "const one = first(x);",
    "gone entirely",
    "const one = second(x);",
    "new thing here",
    "and more",
    "z",
  ]);
  expect(rows[1]?.left?.other).toBe("const one = second(x);");
  expect(rows[3]?.left?.other).toBe("const one = first(x);");
  expect(rows[4]?.left?.other).toBeNull();
  expect(rows.map(isChange)).toEqual([false, true, true, true, true, true, false]);
});

test("split: a changed line stands beside what it became, the rest side by side", () => {
  expect(words(rowsOf(renamed, "split"))).toEqual([
    ["a", "a"],
    ["const one = first(x);", "const one = second(x);"],
    ["gone entirely", "new thing here"],
    [null, "and more"],
    ["z", "z"],
  ]);
});

test("split: a line that was changed is found behind others that are new", () => {
  const rows = rowsOf(lines("-return add(a, b);\n+// Adds.\n+log(a);\n+return add(a, b, c);\n"), "split");
  expect(words(rows)).toEqual([
    [null, "// Adds."],
    [null, "log(a);"],
    ["return add(a, b);", "return add(a, b, c);"],
  ]);
});

test("split: no line is lost or shown twice", () => {
  for (const style of ["unified", "split"] as const) {
    const rows = rowsOf(renamed, style);
    const shown = rows
      .flatMap(({ left, right }) => (left === right ? [left] : [left, right]))
      .filter((line) => line !== null);
    expect(shown.map(({ text }) => text).sort()).toEqual(renamed.map(({ text }) => text).sort());
  }
});

test("thousands of changed lines are paired by place, at once", () => {
  const many = lines(
    [
      ...Array.from({ length: 3000 }, (_, n) => `-old value ${n}`),
      ...Array.from({ length: 3000 }, (_, n) => `+new value ${n}`),
    ].join("\n"),
  );
  // The head of this patch names 99 lines a side; the rest is none of its business.
  expect(rowsOf(many, "split").length).toBeLessThan(3001);
});
