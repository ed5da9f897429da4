/** A context as rows of a tree: only those of what is open, so that a large one costs what is seen. Pure. */

import type { JsonValue } from "../../../../src/core/protocol/common.ts";
import type { ContextChange } from "../../../../src/core/protocol/history.ts";
import { type ChangeKind, changeMarks } from "./change-marks.ts";

export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** `{…}` and `[…]` can be opened; `text` may be long. */
  readonly kind: "object" | "array" | "text" | "number" | "boolean" | "null" | "more";
  readonly value: JsonValue | undefined;
  readonly isOpen: boolean;
  /** Of an object or array: how many it holds. */
  readonly size: number;
  readonly change: ChangeKind | null;
  /** Something in it has changed. */
  readonly holdsChange: boolean;
}

/** Longer lists are opened in parts. */
const PART = 100;

/**
 * @param open paths that were opened or closed by hand; others are as `isOpenAtFirst` says
 * @param parts how many parts of a long list are shown, by its path
 */
export function treeRows(
  context: JsonValue,
  changes: readonly ContextChange[],
  open: ReadonlyMap<string, boolean>,
  parts: ReadonlyMap<string, number>,
): TreeRow[] {
  const marks = changeMarks(changes);
  const rows: TreeRow[] = [];
  const add = (
    name: string,
    path: string,
    value: JsonValue | undefined,
    depth: number,
    inherited: ChangeKind | null,
  ) => {
    const held = partsOf(value);
    const change = marks.kinds.get(path) ?? inherited;
    const holdsChange = marks.holders.has(path);
    const isOpen = held !== null && (open.get(path) ?? holdsChange);
    const size = held?.length ?? 0;
    rows.push({ path, name, depth, kind: kindOf(value), value, isOpen, size, change, holdsChange });
    if (held !== null && isOpen) addParts(held, path, depth + 1, marks.kinds.has(path) ? change : inherited);
  };
  const addParts = (
    held: readonly (readonly [string, JsonValue | undefined])[],
    path: string,
    depth: number,
    inherited: ChangeKind | null,
  ) => {
    const most = (parts.get(path) ?? 1) * PART;
    held.forEach(([name, value], index) => {
      const own = path === "" ? name : `${path}.${name}`;
      // What has changed is shown, however far down a long list it stands.
      if (index < most || marks.kinds.has(own) || marks.holders.has(own)) add(name, own, value, depth, inherited);
    });
    if (held.length > most) {
      const size = held.length - most;
      rows.push({
        path,
        name: "",
        depth,
        kind: "more",
        value: undefined,
        isOpen: false,
        size,
        change: null,
        holdsChange: false,
      });
    }
  };
  addParts(partsOf(context) ?? [], "", 0, null);
  return rows;
}

function partsOf(value: JsonValue | undefined): (readonly [string, JsonValue | undefined])[] | null {
  if (value === null || typeof value !== "object") return null;
  return Object.entries(value);
}

function kindOf(value: JsonValue | undefined): TreeRow["kind"] {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "object") return "object";
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
}

/** A value on one line: `{ id, title, …3 }`, `[12]`, `"text"`. */
export function inShort(value: JsonValue | undefined, longest: number): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    const line = value.replaceAll(/\s+/g, " ");
    return `"${line.length > longest ? `${line.slice(0, longest - 1)}…` : line}"`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${value.length}]`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "{}";
  return `{ ${keys.slice(0, 3).join(", ")}${keys.length > 3 ? `, …${keys.length - 3}` : ""} }`;
}
