/** A store that something happens to around its commits: an error, a death. */

import type { Step, StepOutcome, Store } from "../../store/store.ts";

type Commit = (steps: readonly Step[]) => readonly StepOutcome[];

/** @param around is given the steps and the store's own commit, to call or not to call */
export function aroundCommit(
  store: Store,
  around: (steps: readonly Step[], commit: Commit) => ReturnType<Commit>,
): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === "commit") return (steps: readonly Step[]) => around(steps, (all) => target.commit(all));
      // Bound, because the store's private fields are its own, not the proxy's.
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
