/** JSON as a type, and the check that a value survives it: what is committed must come back as it was. */

import { createHash } from "node:crypto";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Returns `value` typed as JSON, or throws a `TypeError` that names the path of the first part that JSON would lose
 * or change: a function, a symbol, a bigint, a non-finite number, or an instance of a class (Date, Map, Set, Error).
 * `undefined` is allowed as an object's property only, where JSON leaves the property out.
 */
export function toJson(value: unknown, path = "$"): Json {
  const loss = lossIn(value, []);
  if (loss !== undefined) throw new TypeError(`${path}${loss}`);
  return value as Json;
}

/** Hex SHA-256 of the canonical JSON of `value`: equal for objects whose keys only differ in order. */
export function hashJson(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** JSON with the keys of every object sorted. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isPlainObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * What JSON would lose or change of `value` itself, whatever is in it, as the end of a sentence; undefined for nothing.
 *
 * @param ancestors the objects that contain it
 */
export function jsonLoss(value: unknown, ancestors: readonly object[]): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : `is ${value}, which JSON cannot hold`;
    case "object":
      if (value === null) return undefined;
      if (ancestors.includes(value)) return "refers back to an object that contains it";
      if (Array.isArray(value) || isPlainObject(value)) return undefined;
      return `is a ${value.constructor.name}, which JSON does not bring back as it was`;
    default:
      return `is ${typeof value}, which JSON cannot hold`;
  }
}

/** The path to what JSON would lose, and what it is. The path is put together on the way back: mostly there is none. */
function lossIn(value: unknown, ancestors: object[]): string | undefined {
  const loss = jsonLoss(value, ancestors);
  if (loss !== undefined) return ` ${loss}`;
  if (typeof value !== "object" || value === null) return undefined;
  ancestors.push(value);
  const found = Array.isArray(value) ? lossInList(value, ancestors) : lossInProperties(value, ancestors);
  ancestors.pop();
  return found;
}

function lossInList(list: readonly unknown[], ancestors: object[]): string | undefined {
  for (let index = 0; index < list.length; index += 1) {
    const found = lossIn(list[index], ancestors);
    if (found !== undefined) return `[${index}]${found}`;
  }
  return undefined;
}

function lossInProperties(value: object, ancestors: object[]): string | undefined {
  for (const key of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    const found = item === undefined ? undefined : lossIn(item, ancestors);
    if (found !== undefined) return `.${key}${found}`;
  }
  return undefined;
}
