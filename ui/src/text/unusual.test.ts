import { expect, test } from "vitest";
import { piecesOf, visibleText } from "./unusual.ts";

test("a text of plain characters is one piece", () => {
  expect(piecesOf("const größe = '東京';\t// ok")).toEqual([{ text: "const größe = '東京';\t// ok", name: null }]);
  expect(piecesOf("")).toEqual([{ text: "", name: null }]);
});

test("a control character is shown by its name", () => {
  expect(visibleText("a\u001b[31mb\u0007\u007f")).toBe("aESC[31mbBELDEL");
});

test("characters that turn text around are named", () => {
  expect(piecesOf("if (\u202Euser\u2066) {")).toEqual([
    { text: "if (", name: null },
    { text: "U+202E", name: "U+202E right-to-left override" },
    { text: "user", name: null },
    { text: "U+2066", name: "U+2066 left-to-right isolate" },
    { text: ") {", name: null },
  ]);
});

test("hidden letters (tags, zero-width, a lone half of a pair) are named", () => {
  expect(visibleText("a\u{e0041}b\u200bc\ud800d")).toBe("aU+E0041bU+200BcU+D800d");
});

test("joined pictographs stay one picture", () => {
  expect(visibleText("👩‍💻 and 🏳️‍🌈")).toBe("👩‍💻 and 🏳️‍🌈");
  expect(visibleText("a\u200db")).toBe("aU+200Db");
});
