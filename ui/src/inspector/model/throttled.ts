/** A signal that passes on what comes at once if it is rare, and every so often while it streams. */

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";

export function throttled<T>(source: Accessor<T>, leastPauseMs: number): Accessor<T> {
  const [value, setValue] = createSignal(source());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before = 0;
  const pass = () => {
    timer = undefined;
    before = performance.now();
    setValue(() => source());
  };
  createEffect(
    on(
      source,
      () => {
        if (timer !== undefined) return;
        const wait = before + leastPauseMs - performance.now();
        if (wait <= 0) pass();
        else timer = setTimeout(pass, wait);
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));
  return value;
}
