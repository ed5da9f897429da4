/** Light, dark, or as the system has it: remembered in this browser. */

import { createRoot, createSignal } from "solid-js";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "orch.theme";
const [theme, setSignal] = createRoot(() => createSignal<Theme>(remembered()));

export { theme };

export function setTheme(next: Theme): void {
  setSignal(next);
  localStorage.setItem(KEY, next);
  apply(next);
}

/** Before anything is drawn. */
export function applyTheme(): void {
  apply(theme());
}

function apply(next: Theme): void {
  if (next === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = next;
}

function remembered(): Theme {
  const said = localStorage.getItem(KEY);
  return THEMES.find((name) => name === said) ?? "system";
}
