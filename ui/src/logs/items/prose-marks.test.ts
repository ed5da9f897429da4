import { expect, test } from "vitest";
import { proseMarks } from "./prose-marks.ts";

const show = (text: string) =>
  proseMarks(text).map(({ start, end, className }) => `${className}|${text.slice(start, end)}`);

test("code, bold words and headings are marked with the signs around them", () => {
  expect(show("# Head\nUse `npm test` and **not** `x*y`.")).toEqual([
    "prose-bold|# Head",
    "prose-code|`npm test`",
    "prose-bold|**not**",
    "prose-code|`x*y`",
  ]);
});

test("a block of code is one mark, whether it ends or not", () => {
  expect(show("a\n```ts\nlet **x**;\n```\nb")).toEqual(["prose-code|```ts\nlet **x**;\n```"]);
  expect(show("a\n```\nnever ended")).toEqual(["prose-code|```\nnever ended"]);
});
