import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, hashJson, isPlainObject, toJson } from "./json.ts";

test("JSON is given back as it is", () => {
  const value = { text: "ü", list: [1, -0.5, null, true, { deep: [] }], none: undefined };
  expect(toJson(value)).toBe(value);
});

test("whatever passes survives JSON, and whatever JSON makes passes", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(JSON.parse(JSON.stringify(toJson(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("an object that stands twice in a value, but not in itself, passes", () => {
  const shared = { n: 1 };
  expect(toJson([shared, { shared }])).toEqual([{ n: 1 }, { shared: { n: 1 } }]);
});

class Point {
  readonly x = 1;
}
const circle: unknown[] = [];
circle.push({ deep: circle });

test.each<[unknown, string]>([
  [undefined, "$ is undefined"],
  [() => {}, "$ is function"],
  [Symbol("s"), "$ is symbol"],
  [1n, "$ is bigint"],
  [Number.NaN, "$ is NaN"],
  [Number.NEGATIVE_INFINITY, "$ is -Infinity"],
  [new Date(0), "$ is a Date"],
  [new Map(), "$ is a Map"],
  [new Set(), "$ is a Set"],
  [new Error("no"), "$ is a Error"],
  [new Uint8Array(1), "$ is a Uint8Array"],
  [new Point(), "$ is a Point"],
  [{ a: [0, { b: 1n }] }, "$.a[1].b is bigint"],
  [[undefined], "$[0] is undefined"],
  // biome-ignore lint/suspicious/noSparseArray: this is what is tested
  [[1, , 3], "$[1] is undefined"],
  [{ toJSON: () => 1 }, "$.toJSON is function"],
  [circle, "$[0].deep refers back to an object that contains it"],
])("what JSON would lose or change is refused with its path (%#)", (value, message) => {
  expect(() => toJson(value)).toThrow(message);
  expect(() => toJson(value)).toThrow(TypeError);
});

test("the path begins with what the value is called", () => {
  expect(() => toJson({ at: new Date(0) }, "context")).toThrow("context.at is a Date");
});

test("an object without a prototype is a plain one", () => {
  const value = Object.assign(Object.create(null), { a: 1 });
  expect([isPlainObject(value), toJson(value)]).toEqual([true, value]);
  expect([null, [], new Date(), "x", () => {}].map(isPlainObject)).toEqual([false, false, false, false, false]);
});

test("the hash does not depend on the order of keys, but on everything else", () => {
  expect(canonicalJson({ b: [2, 1], a: { d: 1, c: 2 } })).toBe('{"a":{"c":2,"d":1},"b":[2,1]}');
  expect(hashJson({ a: 1, b: { c: 2, d: 3 } })).toBe(hashJson({ b: { d: 3, c: 2 }, a: 1 }));
  expect(hashJson({ a: undefined })).toBe(hashJson({}));
  expect(hashJson([1, 2])).not.toBe(hashJson([2, 1]));
  expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: "1" }));
  expect(hashJson({})).toMatch(/^[0-9a-f]{64}$/);
});
