/** Solid's stores: the only file that imports them (Solid 2 has them elsewhere). */

import { createStore, reconcile, unwrap } from "solid-js/store";

/** A value whose readers hear only of the parts that change; objects in arrays are told apart by their `id`. */
export interface Cell<T extends object> {
  readonly value: T;
  /** Plain, for comparing and passing on; must not be changed. */
  readonly plain: () => T;
  readonly replace: (next: T) => void;
}

export function createCell<T extends object>(first: T): Cell<T> {
  const [value, setStore] = createStore<T>(first);
  // biome-ignore lint/suspicious/noExplicitAny: the store's types cannot express a path that is known at run time only
  const set = setStore as any;

  /** `reconcile` walks through all that it is given: of a long list only what is another object is given to it. */
  const put = (key: keyof T, next: unknown, held: unknown): void => {
    if (next === held) return;
    if (isRows(held) && areSameRows(held, next)) {
      for (const [index, item] of next.entries())
        if (item !== held[index]) set(key, index, reconcile(item, { key: "id" }));
    } else set(key, reconcile(next, { key: "id" }));
  };

  return {
    value,
    plain: () => unwrap(value),
    replace: (next) => {
      const held = unwrap(value);
      for (const key of Object.keys(next) as (keyof T)[]) put(key, next[key], held[key]);
    },
  };
}

interface Row {
  readonly id: string;
}

function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null && "id" in item);
}

/** Whether it is a list of the same things in the same order. */
function areSameRows(held: readonly Row[], next: unknown): next is readonly Row[] {
  return isRows(next) && next.length === held.length && next.every(({ id }, index) => id === held[index]?.id);
}
