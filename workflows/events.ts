/** What the engine's events carry, by the name of the activity that answered. */

import type { CodingActivities } from "../src/core/coding.ts";
import type { ErrorData } from "../src/core/errors.ts";

/** The output in an `xstate.done.actor.*` event. The caller knows which activity or child the state invoked. */
export function outputOf<Name extends keyof CodingActivities>(event: object): CodingActivities[Name]["output"] {
  return (event as { readonly output: CodingActivities[Name]["output"] }).output;
}

/** The error in an `xstate.error.actor.*` event: the engine hands over data, never an Error object. */
export function errorOf(event: object): ErrorData {
  return (event as { readonly error: ErrorData }).error;
}
