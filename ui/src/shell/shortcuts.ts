/**
 * Keys that do something on a page. A component says what its keys do with `useShortcuts`; the help dialog lists those
 * of all that are shown now.
 */

import { createRoot, createSignal, onCleanup } from "solid-js";

export interface Shortcut {
  /** As `KeyboardEvent.key` says it; two with a space are one after the other: `g j`. */
  readonly keys: string;
  readonly does: string;
  readonly act: () => void;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

const [groups, setGroups] = createRoot(() => createSignal<readonly ShortcutGroup[]>([]));

export { groups as shortcutGroups };

/** Until the owner that calls it is gone. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const group = { title, shortcuts };
  setGroups((all) => [...all, group]);
  onCleanup(() => setGroups((all) => all.filter((one) => one !== group)));
}

/** Two keys belong together if the second comes this soon. */
const TOGETHER_MS = 900;
let before = { key: "", at: 0 };

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const both = event.timeStamp - before.at < TOGETHER_MS ? `${before.key} ${event.key}` : "";
    before = { key: event.key, at: event.timeStamp };
    const all = [...groups()].reverse().flatMap(({ shortcuts }) => shortcuts);
    const found = all.find(({ keys }) => keys === both) ?? all.find(({ keys }) => keys === event.key);
    if (found === undefined) return;
    before.key = "";
    event.preventDefault();
    found.act();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !["checkbox", "radio", "range", "button"].includes(target.type)))
  );
}
