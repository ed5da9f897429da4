/** A pane that ends where the window ends, whatever stands above it: for lists that scroll in themselves. */

import { onCleanup, onMount } from "solid-js";

/** Keeps `--fill-top`, how far below the page's upper edge the element begins; the style sheet makes a height of it. */
export function fillWindow(element: () => HTMLElement): void {
  onMount(() => {
    const pane = element();
    const measure = () => {
      const top = Math.round(pane.getBoundingClientRect().top + window.scrollY);
      pane.style.setProperty("--fill-top", `${top}px`);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    // What stands above it changes its height without the page's: a bar that comes, a title that breaks.
    for (const box of pane.closest("main")?.children ?? []) observer.observe(box);
    measure();
    onCleanup(() => observer.disconnect());
  });
}
