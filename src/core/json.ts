/** JSON as a type, and the check that a value survives it: what is committed must come back as it was. */

import { createHash } from "node:crypto";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Returns `value` typed as JSON, or throws a `TypeError` that names the path of the first part that JSON would lose
 * or change: a function, a symbol, a bigint, a non-finite number, or an instance of a class (Date, Map, Set, Error).
 * `undefined` is allowed as an object's property only, where JSON leaves the property out.
 */
export function toJson(value: unknown, path = "$"): Json {
  checkJson(value, path, new Set());
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

function checkJson(value: unknown, path: string, ancestors: Set<object>): void {
  switch (typeof value) {
    case "string":
    case "boolean":
      return;
    case "number":
      if (Number.isFinite(value)) return;
      throw new TypeError(`${path} is ${value}, which JSON cannot hold`);
    case "object":
      break;
    default:
      throw new TypeError(`${path} is ${typeof value}, which JSON cannot hold`);
  }
  if (value === null) return;
  if (ancestors.has(value)) throw new TypeError(`${path} refers back to an object that contains it`);
  ancestors.add(value);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkJson(item, `${path}[${index}]`, ancestors);
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) checkJson(item, `${path}.${key}`, ancestors);
    }
  } else {
    throw new TypeError(`${path} is a ${value.constructor.name}, which JSON does not bring back as it was`);
  }
  ancestors.delete(value);
}
