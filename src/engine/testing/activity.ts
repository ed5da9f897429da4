/** Declares an activity in a test machine's `setup()`: a name and types, nothing to run. */

import { fromPromise } from "xstate";
import { ACTIVITY_DECLARATION } from "../workflow.ts";

export function activity<Input = undefined, Output = unknown>() {
  const logic = fromPromise<Output, Input>(() => new Promise<never>(() => {}));
  return Object.assign(logic, { [ACTIVITY_DECLARATION]: true });
}
