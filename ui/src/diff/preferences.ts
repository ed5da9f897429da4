/** What a reader chose about diffs, kept in this browser: the style, and which files were looked at. */

import { createRoot, createSignal } from "solid-js";
import type { Style } from "./rows.ts";

const STYLE = "orch.diff.style";
const VIEWED = "orch.diff.viewed";
/** Diffs whose looked-at files are kept: the latest. */
const MOST_DIFFS = 30;

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: it holds for this page.
  }
}

const [wantedStyle, keepStyle] = createRoot(() => createSignal<Style>(read(STYLE) === "unified" ? "unified" : "split"));

/** What was chosen; a narrow window shows unified whatever it is. */
export { wantedStyle };

export function setWantedStyle(style: Style): void {
  keepStyle(style);
  write(STYLE, style);
}

type Viewed = [key: string, paths: string[]][];

function readViewed(): Viewed {
  const kept = read(VIEWED);
  return Array.isArray(kept) ? (kept as Viewed).filter((one) => Array.isArray(one) && Array.isArray(one[1])) : [];
}

/** @param key of the diff: what it leads to, so that a diff that has changed is looked at anew */
export const viewedFiles = (key: string): ReadonlySet<string> =>
  new Set(readViewed().find(([name]) => name === key)?.[1] ?? []);

export function keepViewed(key: string, paths: ReadonlySet<string>): void {
  const others = readViewed().filter(([name]) => name !== key);
  write(VIEWED, [...others, [key, [...paths]]].slice(-MOST_DIFFS));
}
