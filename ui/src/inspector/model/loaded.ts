/**
 * Something that is asked of the server. Not Solid's resource: while one of those waits for its first answer, the whole
 * tab is taken out of the page, and with it how far it was scrolled and what was open.
 */

import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";

export interface Loaded<T> {
  /** The last answer, also while the next one is on its way. */
  readonly value: Accessor<T | undefined>;
  /** Of the last question; undefined if it was answered. */
  readonly error: Accessor<unknown>;
}

/** @param question asks anew when it changes; null: nothing is asked */
export function createLoaded<Q, T>(question: Accessor<Q | null>, ask: (question: Q) => Promise<T>): Loaded<T> {
  const [value, setValue] = createSignal<T>();
  const [error, setError] = createSignal<unknown>();
  let latest = 0;
  createEffect(
    on(question, (asked) => {
      const own = ++latest;
      if (asked === null) return;
      ask(asked).then(
        (answer) => {
          if (own !== latest) return;
          setValue(() => answer);
          setError(undefined);
        },
        (cause: unknown) => {
          if (own === latest) setError(cause);
        },
      );
    }),
  );
  onCleanup(() => {
    latest = -1;
  });
  return { value, error };
}
