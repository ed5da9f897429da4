import { expect, test } from "vitest";
import { outputLines, shownCommand } from "./output-lines.ts";

test("a colour goes on in the next line until it ends", () => {
  expect(outputLines("\u001b[31mone\ntwo\u001b[0m\nthree\n\n")).toEqual([
    { text: "one", marks: [{ start: 0, end: 3, className: "ansi-front-1" }] },
    { text: "two", marks: [{ start: 0, end: 3, className: "ansi-front-1" }] },
    { text: "three", marks: [] },
  ]);
});

test("a line that was written over shows what was written last", () => {
  expect(outputLines("10%\r50%\r100%\r\ndone\r").map(({ text }) => text)).toEqual(["100%", "done"]);
});

test("nothing printed is no line", () => {
  expect(outputLines("")).toEqual([]);
  expect(outputLines("\n \n")).toEqual([]);
});

test("the shell around a command is left out", () => {
  expect(shownCommand("/bin/bash -lc 'npm test'")).toBe("npm test");
  expect(shownCommand(`bash -lc "rg -n \\"a b\\" src"`)).toBe('rg -n "a b" src');
  expect(shownCommand("bash -lc ls")).toBe("ls");
  expect(shownCommand(`sh -c 'echo '\\''hi'\\'''`)).toBe("echo 'hi'");
  expect(shownCommand("git status")).toBe("git status");
});
