import { expect, test } from "vitest";
import { errorMessage, isErrorData, OrchError, toErrorData, UsageError } from "./errors.ts";

const afterJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test("an error becomes data with all that it says", () => {
  const error = new OrchError("it broke", {
    code: "it-broke",
    hint: "mend it",
    retryable: true,
    retryAfterMs: 500,
    details: { path: "/x" },
    cause: new TypeError("because"),
  });
  const data = toErrorData(error);
  expect(data).toEqual({
    name: "OrchError",
    message: "it broke",
    code: "it-broke",
    hint: "mend it",
    retryable: true,
    retryAfterMs: 500,
    details: { path: "/x" },
    stack: error.stack,
    cause: { name: "TypeError", message: "because", stack: expect.stringContaining("because") },
  });
  expect(afterJson(data)).toEqual(data);
});

test("what was not said is not there, and an error is not to be tried again unless it says so", () => {
  const { stack: _, ...data } = toErrorData(new UsageError("no", { code: "wrong" }));
  expect(data).toEqual({ name: "UsageError", message: "no", code: "wrong", retryable: false });
  expect(toErrorData(new Error("no"))).not.toHaveProperty("retryable");
});

test("error data is data already", () => {
  const data = { name: "Error", message: "no", code: "x", cause: { name: "Error", message: "why" } };
  expect(toErrorData(data)).toEqual(data);
  expect(isErrorData(data)).toBe(true);
  expect([null, "x", {}, { name: 1, message: "x" }, { name: "x" }].map(isErrorData)).toEqual(Array(5).fill(false));
});

test.each([
  ["words", "words"],
  [undefined, "thrown value: undefined"],
  [null, "thrown value: null"],
  [42, "thrown value: 42"],
  [1n, "thrown value: 1"],
  [{ status: 500 }, 'thrown value: {"status":500}'],
  [Symbol("s"), "thrown value: Symbol(s)"],
])("anything that can be thrown has a message (%#)", (thrown, message) => {
  expect(toErrorData(thrown)).toEqual({ name: "Error", message });
});

test("whatever an error carries, its data survives JSON", () => {
  const circle: Record<string, unknown> = { name: "Odd", message: "round" };
  circle.self = circle;
  const errors = [
    new OrchError("no", { code: "x", details: { n: 1n } }),
    new OrchError("no", {
      code: "x",
      details: { at: new Date(0), nan: Number.NaN, skip: undefined, list: [() => {}] },
    }),
    new Error("no", { cause: circle }),
    circle,
    { name: "Odd", message: "with a function", run: () => {} },
    Object.assign(new Error(), { message: 1n }),
    Object.assign(new Error(), { name: Symbol("s") }),
    Object.defineProperty(new Error(), "message", {
      get: () => {
        throw new Error("not to be read");
      },
    }),
  ];
  for (const error of errors) {
    const data = toErrorData(error);
    expect(afterJson(data)).toEqual(data);
  }
});

test("causes are kept, but not without end", () => {
  const error = new Error("first");
  error.cause = error;
  let depth = 0;
  for (let data = toErrorData(error).cause; data; data = data.cause) depth += 1;
  expect(depth).toBe(8);
});

test("a message for a person holds the causes that it does not name itself", () => {
  const cause = new Error("the disk is full");
  expect(errorMessage(new Error("could not write", { cause }))).toBe("could not write: the disk is full");
  expect(errorMessage(new Error("failed: the disk is full", { cause }))).toBe("failed: the disk is full");
  expect(errorMessage(new Error("a", { cause: new Error("b", { cause: "c" }) }))).toBe("a: b: c");
  expect(errorMessage("words")).toBe("words");
});
