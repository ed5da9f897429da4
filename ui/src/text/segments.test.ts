import { expect, test } from "vitest";
import { segmentsOf } from "./segments.ts";

test("a text without marks is one segment", () => {
  expect(segmentsOf("abc", [])).toEqual([{ text: "abc", className: "" }]);
  expect(segmentsOf("", [])).toEqual([]);
});

test("layers overlap, and each segment carries the classes of all of them", () => {
  const colours = [
    { start: 0, end: 5, className: "keyword" },
    { start: 6, end: 9, className: "name" },
  ];
  const words = [{ start: 3, end: 7, className: "changed" }];
  expect(segmentsOf("const abc = 1", [colours, words])).toEqual([
    { text: "con", className: "keyword" },
    { text: "st", className: "keyword changed" },
    { text: " ", className: "changed" },
    { text: "a", className: "name changed" },
    { text: "bc", className: "name" },
    { text: " = 1", className: "" },
  ]);
});

test("marks outside the text do no harm", () => {
  expect(segmentsOf("ab", [[{ start: 1, end: 90, className: "x" }]])).toEqual([
    { text: "a", className: "" },
    { text: "b", className: "x" },
  ]);
  expect(segmentsOf("ab", [[{ start: 5, end: 90, className: "x" }]])).toEqual([{ text: "ab", className: "" }]);
});
