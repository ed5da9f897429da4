import { common } from "lowlight";
import { expect, test } from "vitest";
import { languageOf } from "./language.ts";

test("a file's name says its grammar, whatever its case", () => {
  expect(["src/a.ts", "A.TSX", "x/Makefile", "a.b.yml", "Cargo.toml", "README.md"].map(languageOf)).toEqual([
    "typescript",
    "typescript",
    "makefile",
    "yaml",
    "ini",
    "markdown",
  ]);
});

test("a file that we have no grammar for has none", () => {
  expect(["LICENSE", "a.constructor", "__proto__", "a.", ""].map(languageOf)).toEqual([null, null, null, null, null]);
});

test("each grammar that is named is there", () => {
  const named = ["a.ino", "a.m", "a.wat", "a.vb", "a.r", "a.pl", "a.less", "a.gql", "Gemfile", "a.kt"].map(languageOf);
  for (const grammar of named) expect(Object.keys(common)).toContain(grammar);
});
