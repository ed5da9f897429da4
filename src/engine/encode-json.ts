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

/** Characters. Shorter texts are made anew in less time than the garbage collector takes to look after them. */
const WORTH_KEEPING = 40;

/**
 * Encodes `value` and freezes it, with all that is in it: a machine that changed its context in place, instead of
 * assigning a new one, would change what is committed already.
 *
 * @param path what errors call it
 * @param lasts false for an object that is made anew each time: then only its parts are remembered
 * @throws TypeError that names the path of the first part that JSON would lose or change, as `toJson` does
 */
export function encodeJson(value: unknown, path: string, lasts = true): EncodedJson {
  return encode(value, { root: path, keys: [], ancestors: new Set(), lasts });
}

interface Walk {
  readonly root: string;
  readonly keys: (string | number)[];
  readonly ancestors: Set<object>;
  readonly lasts: boolean;
}

function encode(value: unknown, walk: Walk): EncodedJson {
  if (typeof value === "object" && value !== null) {
    const before = known.get(value);
    if (before) return before;
  }
  const loss = jsonLoss(value, walk.ancestors);
  if (loss !== undefined) throw new TypeError(`${nameOf(walk)} ${loss}`);
  if (typeof value === "object" && value !== null) return encodeObject(value, walk);
  const text = typeof value === "string" ? quote(value) : String(value);
  return { text, sorted: text };
}

/** Printable ASCII without the two that JSON escapes: most names, and quicker to see than to escape. */
const PLAIN = /^[ !#-[\]-~]*$/;
const LONGEST_PLAIN = 64;

const quote = (text: string): string =>
  text.length <= LONGEST_PLAIN && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);

function encodeObject(value: object, walk: Walk): EncodedJson {
  walk.ancestors.add(value);
  const encoded = Array.isArray(value)
    ? encodeList(value, walk)
    : encodeProperties(value as Readonly<Record<string, unknown>>, walk);
  walk.ancestors.delete(value);
  Object.freeze(value);
  const isPart = walk.ancestors.size > 0;
  if (encoded.text.length >= WORTH_KEEPING && (isPart || walk.lasts)) known.set(value, encoded);
  return encoded;
}

function encodeList(list: readonly unknown[], walk: Walk): EncodedJson {
  const parts: EncodedJson[] = [];
  for (let index = 0; index < list.length; index++) parts.push(encodePart(list[index], index, walk));
  const text = `[${parts.map((part) => part.text).join(",")}]`;
  return { text, sorted: parts.every(isSorted) ? text : `[${parts.map((part) => part.sorted).join(",")}]` };
}

function encodeProperties(value: Readonly<Record<string, unknown>>, walk: Walk): EncodedJson {
  const keys: string[] = [];
  const parts: EncodedJson[] = [];
  let text = "";
  // Most objects are written in one order always, and small ones often in that of the alphabet: their text serves twice.
  let inOrder = true;
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) continue;
    const part = encodePart(value[key], key, walk);
    const last = keys.at(-1);
    inOrder &&= isSorted(part) && (last === undefined || last < key);
    text += `${last === undefined ? "" : ","}${quote(key)}:${part.text}`;
    keys.push(key);
    parts.push(part);
  }
  text = `{${text}}`;
  return { text, sorted: inOrder ? text : sortedText(keys, parts) };
}

function sortedText(keys: readonly string[], parts: readonly EncodedJson[]): string {
  const byKey = new Map(keys.map((key, index) => [key, parts[index]]));
  let text = "";
  for (const key of keys.toSorted()) text += `${text === "" ? "" : ","}${quote(key)}:${byKey.get(key)?.sorted}`;
  return `{${text}}`;
}

const isSorted = ({ text, sorted }: EncodedJson): boolean => text === sorted;

function encodePart(value: unknown, key: string | number, walk: Walk): EncodedJson {
  walk.keys.push(key);
  const encoded = encode(value, walk);
  walk.keys.pop();
  return encoded;
}

function nameOf({ root, keys }: Walk): string {
  return keys.reduce<string>((path, key) => (typeof key === "number" ? `${path}[${key}]` : `${path}.${key}`), root);
}
