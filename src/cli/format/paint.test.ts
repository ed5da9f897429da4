import { expect, test } from "vitest";
import { choosePaint, coloured, plain } from "./paint.ts";

test("colours are for a terminal that wants them", () => {
  expect(choosePaint({ isTTY: true }, {})).toBe(coloured);
  expect(coloured("red", "x")).toBe("\u001b[31mx\u001b[39m");
});

test("a pipe, NO_COLOR and a dumb terminal get none", () => {
  expect(choosePaint({}, {})).toBe(plain);
  expect(choosePaint({ isTTY: true }, { NO_COLOR: "1" })).toBe(plain);
  expect(choosePaint({ isTTY: true }, { TERM: "dumb" })).toBe(plain);
  expect(plain("red", "x")).toBe("x");
});
