/** What is different between two contexts, by path; and JSON that fits on a page. Pure. */

import { isDeepStrictEqual } from "node:util";
import { isPlainObject, type Json } from "../../core/json.ts";
import type { JsonValue } from "../../core/protocol/common.ts";
import type { ContextChange } from "../../core/protocol/history.ts";

const LONGEST_TEXT = 8000;
const MOST_CHANGES = 200;
const MOST_ITEMS = 2000;

export function changesOf(before: Json | null, after: Json | null): { changes: ContextChange[]; isCut: boolean } {
  const changes: ContextChange[] = [];
  compare(before ?? undefined, after ?? undefined, "", changes);
  return { changes: changes.slice(0, MOST_CHANGES), isCut: changes.length > MOST_CHANGES };
}

function compare(before: Json | undefined, after: Json | undefined, path: string, changes: ContextChange[]): void {
  // Points of a history share what did not change: most often the very same object.
  if (before === after || changes.length > MOST_CHANGES) return;
  const [a, b] = [partsOf(before), partsOf(after)];
  if (!a || !b || Array.isArray(before) !== Array.isArray(after)) {
    if (isDeepStrictEqual(before, after)) return;
    changes.push({
      path,
      ...(before !== undefined && { before: cutJson(before) }),
      ...(after !== undefined && { after: cutJson(after) }),
    });
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    compare(a[key], b[key], path === "" ? key : `${path}.${key}`, changes);
  }
}

function partsOf(value: Json | undefined): Readonly<Record<string, Json | undefined>> | null {
  if (Array.isArray(value) || isPlainObject(value)) return value as unknown as Record<string, Json | undefined>;
  return null;
}

/** With long texts and lists cut, and without stacks. */
export function cutJson(value: Json): JsonValue {
  if (typeof value === "string") return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item: Json) => cutJson(item));
  if (!isPlainObject(value)) return value as JsonValue;
  const isError = typeof value.message === "string" && typeof value.name === "string";
  return Object.fromEntries(
    Object.entries(value as Record<string, Json | undefined>).flatMap(([key, part]) =>
      part === undefined || (isError && key === "stack") ? [] : [[key, cutJson(part)]],
    ),
  );
}
