/** The width of an element, in pixels: what fits beside each other is asked of the place itself, not of the window. */

import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

export function createWidth(element: () => HTMLElement): Accessor<number> {
  const [width, setWidth] = createSignal(window.innerWidth);
  onMount(() => {
    const measure = () => setWidth(element().clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(element());
    measure();
    onCleanup(() => observer.disconnect());
  });
  return width;
}
