import { expect, test } from "vitest";
import { OrchError, UsageError } from "../core/errors.ts";
import { describeError } from "./report-error.ts";

test("an error is one line that says what happened and one that says what to do", () => {
  const error = new UsageError("a\n  b\nc", { code: "x", hint: "do\nthis" });
  expect(describeError(error)).toMatchObject({ message: "a; b; c", hint: "do; this" });
});

test("an error that nobody foresaw is a bug, with its causes", () => {
  const error = new Error("it broke", { cause: new Error("the disk is full") });
  expect(describeError(error)).toEqual({
    message: "it broke: the disk is full",
    hint: expect.stringContaining("a bug in orch"),
  });
});

test("what steers a terminal is left out", () => {
  expect(describeError(new OrchError("a\u001b[2Jb\u202e", { code: "x", hint: "\u0007c" }))).toMatchObject({
    message: "a[2Jb",
    hint: "c",
  });
});
