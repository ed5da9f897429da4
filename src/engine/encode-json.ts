/**
 * JSON texts of values that never change again. A machine's next snapshot shares most of its parts with the one before;
 * what was written once is not walked through again, so a transition costs what it changed, however large the context.
 */

import { jsonLoss } from "../core/json.ts";

export interface EncodedJson {
  /** As `JSON.stringify` has it. */
  readonly text: string;
  /** With the keys of every object sorted: their order is not the same after a restart. */
  readonly sorted: string;
}

const known = new WeakMap<object, EncodedJson>();

/**
 * Encodes `value` and freezes it, with all that is in it: a machine that changed its context in place, instead of
 * assigning a new one, would change what is committed already.
 *
 * @throws TypeError that names the path of the first part that JSON would lose or change, as `toJson` does
 */
export function encodeJson(value: unknown, path: string): EncodedJson {
  return encode(value, { root: path, keys: [], ancestors: new Set() });
}

interface Walk {
  readonly root: string;
  readonly keys: (string | number)[];
  readonly ancestors: Set<object>;
}

function encode(value: unknown, walk: Walk): EncodedJson {
  const isObject = typeof value === "object" && value !== null;
  const before = isObject ? known.get(value) : undefined;
  if (before) return before;
  const loss = jsonLoss(value, walk.ancestors);
  if (loss !== undefined) throw new TypeError(`${nameOf(walk)} ${loss}`);
  if (isObject) return encodeObject(value, walk);
  const text = JSON.stringify(value);
  return { text, sorted: text };
}

function encodeObject(value: object, walk: Walk): EncodedJson {
  walk.ancestors.add(value);
  const encoded = Array.isArray(value)
    ? encodeList(value, walk)
    : encodeProperties(value as Readonly<Record<string, unknown>>, walk);
  walk.ancestors.delete(value);
  known.set(Object.freeze(value), encoded);
  return encoded;
}

function encodeList(list: readonly unknown[], walk: Walk): EncodedJson {
  const texts: string[] = [];
  const sorted: string[] = [];
  for (let index = 0; index < list.length; index++) {
    const part = encodePart(list[index], index, walk);
    texts.push(part.text);
    sorted.push(part.sorted);
  }
  return { text: `[${texts.join(",")}]`, sorted: `[${sorted.join(",")}]` };
}

function encodeProperties(value: Readonly<Record<string, unknown>>, walk: Walk): EncodedJson {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const parts = new Map<string, EncodedJson>();
  for (const key of keys) parts.set(key, encodePart(value[key], key, walk));
  const join = (names: readonly string[], of: keyof EncodedJson) =>
    `{${names.map((key) => `${JSON.stringify(key)}:${parts.get(key)?.[of]}`).join(",")}}`;
  return { text: join(keys, "text"), sorted: join(keys.toSorted(), "sorted") };
}

function encodePart(value: unknown, key: string | number, walk: Walk): EncodedJson {
  walk.keys.push(key);
  const encoded = encode(value, walk);
  walk.keys.pop();
  return encoded;
}

function nameOf({ root, keys }: Walk): string {
  return keys.reduce<string>((path, key) => (typeof key === "number" ? `${path}[${key}]` : `${path}.${key}`), root);
}
