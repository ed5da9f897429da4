/** What a reader chose about logs, kept in this browser. */

import { createRoot, createSignal } from "solid-js";

const WRAP = "orch.logs.wrap";

function read(): boolean {
  try {
    return localStorage.getItem(WRAP) !== "no";
  } catch {
    return true;
  }
}

const [isWrapped, keepWrapped] = createRoot(() => createSignal(read()));

export { isWrapped };

export function setWrapped(isOn: boolean): void {
  keepWrapped(isOn);
  try {
    localStorage.setItem(WRAP, isOn ? "yes" : "no");
  } catch {
    // A browser that keeps nothing: it holds for this page.
  }
}
