/** The texts of a value are those that JSON has, whether it is met for the first time or again. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../core/json.ts";
import { encodeJson } from "./encode-json.ts";

const anyJson = fc.jsonValue({ noUnicodeString: false, stringUnit: "binary" });
const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

test("the texts are those of JSON.stringify, with the keys as they stand and sorted", () => {
  fc.assert(
    fc.property(anyJson, anyJson, (one, other) => {
      const expected = (value: unknown) => ({ text: JSON.stringify(value), sorted: canonicalJson(value) });
      expect(encodeJson(one, "$")).toEqual(expected(copy(one)));
      const around = { "2": other, b: [one, one], a: { one, gone: undefined }, "1": null };
      expect(encodeJson(around, "$")).toEqual(expected(copy(around)));
      expect(encodeJson(around, "$")).toEqual(expected(copy(around)));
    }),
  );
});

test("what was encoded cannot be changed any more, however deep", () => {
  const value = { list: [{ deep: { n: 1 } }] };
  encodeJson(value, "context");
  expect(() => {
    (value.list[0] as { deep: { n: number } }).deep.n = 2;
  }).toThrow("read only");
  expect(() => value.list.push({ deep: { n: 2 } })).toThrow("not extensible");
});

test.each<[string, unknown, string]>([
  ["a function", { a: [{ b: () => 1 }] }, "context.a[0].b is function, which JSON cannot hold"],
  ["a hole in a list", { a: [undefined] }, "context.a[0] is undefined, which JSON cannot hold"],
  ["a number that is none", { a: Number.NaN }, "context.a is NaN, which JSON cannot hold"],
  ["an instance", { a: { at: new Date(0) } }, "context.a.at is a Date, which JSON does not bring back as it was"],
])("what JSON would lose is named: %s", (_name, value, message) => {
  expect(() => encodeJson(value, "context")).toThrow(message);
});

test("a circle is named, and a value that is only met twice is none", () => {
  const circle: { inner?: unknown } = {};
  circle.inner = [circle];
  expect(() => encodeJson(circle, "context")).toThrow("context.inner[0] refers back to an object that contains it");
  const shared = { n: 1 };
  expect(encodeJson([shared, shared], "context").text).toBe('[{"n":1},{"n":1}]');
});
