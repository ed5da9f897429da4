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

/** One text where both are the same, as they mostly are. */
type Encoded = string | EncodedJson;

const known = new WeakMap<object, Encoded>();

/** Characters. Shorter texts are made anew in less time than the garbage collector takes to look after them. */
const WORTH_KEEPING = 40;

/**
 * Encodes `value` and freezes it, with all that is in it: a machine that changed its context in place, instead of
 * assigning a new one, would change what is committed already.
 *
 * @param path what errors call it; empty: they begin with the name of the part
 * @param lasts false for an object that is made anew each time: then only its parts are remembered
 * @throws TypeError that names the path of the first part that JSON would lose or change, as `toJson` does
 */
export function encodeJson(value: unknown, path: string, lasts = true): EncodedJson {
  const encoded = encode(value, { root: path, keys: [], ancestors: [], lasts });
  return typeof encoded === "string" ? { text: encoded, sorted: encoded } : encoded;
}

interface Walk {
  readonly root: string;
  readonly keys: (string | number)[];
  readonly ancestors: object[];
  readonly lasts: boolean;
}

function encode(value: unknown, walk: Walk): Encoded {
  if (typeof value === "object" && value !== null) {
    const before = known.get(value);
    if (before !== undefined) return before;
  }
  const loss = jsonLoss(value, walk.ancestors);
  if (loss !== undefined) throw new TypeError(`${nameOf(walk)} ${loss}`);
  if (typeof value === "object" && value !== null) return encodeObject(value, walk);
  return typeof value === "string" ? quote(value) : String(value);
}

/** Printable ASCII without the two that JSON escapes: most names, and quicker to see than to escape. */
const PLAIN = /^[ !#-[\]-~]*$/;
const LONGEST_PLAIN = 64;

const quote = (text: string): string =>
  text.length <= LONGEST_PLAIN && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);

function encodeObject(value: object, walk: Walk): Encoded {
  walk.ancestors.push(value);
  const encoded = Array.isArray(value)
    ? encodeList(value, walk)
    : encodeProperties(value as Readonly<Record<string, unknown>>, walk);
  walk.ancestors.pop();
  Object.freeze(value);
  const isPart = walk.ancestors.length > 0;
  if (textOf(encoded).length >= WORTH_KEEPING && (isPart || walk.lasts)) known.set(value, encoded);
  return encoded;
}

function encodeList(list: readonly unknown[], walk: Walk): Encoded {
  const parts: Encoded[] = [];
  for (let index = 0; index < list.length; index++) parts.push(encodePart(list[index], index, walk));
  const text = `[${parts.map(textOf).join(",")}]`;
  return parts.every(isSorted) ? text : { text, sorted: `[${parts.map(sortedOf).join(",")}]` };
}

function encodeProperties(value: Readonly<Record<string, unknown>>, walk: Walk): Encoded {
  const keys: string[] = [];
  const parts: Encoded[] = [];
  let text = "";
  // Most objects are written in one order always, and small ones often in that of the alphabet: their text serves twice.
  let inOrder = true;
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    const part = encodePart(item, key, walk);
    const last = keys.at(-1);
    inOrder &&= isSorted(part) && (last === undefined || last < key);
    text += `${last === undefined ? "" : ","}${quote(key)}:${textOf(part)}`;
    keys.push(key);
    parts.push(part);
  }
  text = `{${text}}`;
  return inOrder ? text : { text, sorted: sortedText(keys, parts) };
}

function sortedText(keys: readonly string[], parts: readonly Encoded[]): string {
  const order = keys.map((_, index) => index).sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : 1));
  let text = "";
  for (const index of order) {
    text += `${text === "" ? "" : ","}${quote(keys[index] as string)}:${sortedOf(parts[index] as Encoded)}`;
  }
  return `{${text}}`;
}

const textOf = (encoded: Encoded): string => (typeof encoded === "string" ? encoded : encoded.text);
const sortedOf = (encoded: Encoded): string => (typeof encoded === "string" ? encoded : encoded.sorted);
const isSorted = (encoded: Encoded): boolean => typeof encoded === "string";

function encodePart(value: unknown, key: string | number, walk: Walk): Encoded {
  walk.keys.push(key);
  const encoded = encode(value, walk);
  walk.keys.pop();
  return encoded;
}

function nameOf({ root, keys }: Walk): string {
  const path = keys.reduce<string>(
    (name, key) => (typeof key === "number" ? `${name}[${key}]` : `${name}.${key}`),
    root,
  );
  return path.replace(/^\./, "");
}
