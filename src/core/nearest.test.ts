import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const commands = ["run", "resume", "list", "show", "scripted-model"];

test.each([
  ["rum", "run"],
  ["resme", "resume"],
  ["lsit", "list"],
  ["shows", "show"],
  ["script", "scripted-model"],
])("%s is taken for %s", (word, meant) => {
  expect(nearest(word, commands)).toBe(meant);
});

test.each(["deploy", "x", "the-task", ""])("%j is near to none", (word) => {
  expect(nearest(word, ["resume", "list", "scripted-model"])).toBeUndefined();
});
