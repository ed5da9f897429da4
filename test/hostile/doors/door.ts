/** A door: where tricks come in. Each is tried in two places: behind the guard, and in one that has none. */

import type { PlacedTrick } from "../trick.ts";
import type { Named, World } from "../world.ts";

export interface Door<T extends PlacedTrick> {
  /** How many tricks share a place. */
  readonly batch: number;
  /** Where the setups of the tricks run. */
  setupFolder(world: World): string;
  /** Brings the place to the state in which the tricks are prepared. */
  open(world: World, guarded: boolean): Promise<void>;
  /** Tries them as orch lets them be tried. */
  withGuard(tricks: readonly Named<T>[], world: World): Promise<void>;
  /** Tries the same with the guard taken away. */
  withoutGuard(tricks: readonly Named<T>[], world: World): Promise<void>;
}
