/**
 * Whatever the machine, and whatever happens to it: driven by the interpreter, with its snapshot through JSON at each step,
 * it does what XState's own live actor does. `PROPERTY_RUNS=10000` looks at more of them.
 */

import fc from "fast-check";
import { expect, test } from "vitest";
import { InterpretedActor } from "./testing/interpreted-actor.ts";
import { LiveActor } from "./testing/live-actor.ts";
import { type Happening, randomHappenings, randomMachine, toMachine } from "./testing/random-machine.ts";
import { happen, view } from "./testing/seen-actor.ts";

const runs = Number(process.env.PROPERTY_RUNS ?? 300);

test(`promise 8: ${runs} machines by chance do, from JSON alone, what live actors do`, { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(randomMachine, randomHappenings, (root, happenings: readonly Happening[]) => {
      const live = new LiveActor(toMachine(root));
      const ours = new InterpretedActor(toMachine(root));
      if (ours.hasDoubled) return;
      expect(view(ours)).toEqual(view(live));
      for (const [step, happening] of happenings.entries()) {
        happen(live, happening, step);
        happen(ours, happening, step);
        // What XState itself gets wrong is not to be compared any further.
        if (ours.hasDoubled) return;
        expect(view(ours)).toEqual(view(live));
      }
    }),
    { numRuns: runs },
  );
});
