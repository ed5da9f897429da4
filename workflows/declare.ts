/** Declares in a machine's `setup()` what its invoked names take and give. What they do is registered with the engine. */

import { fromPromise, type PromiseActorLogic } from "xstate";
import type { CodingActivities } from "../src/core/coding.ts";

/** An activity of a coding job: its name says what it takes and gives. */
export function activity<Name extends keyof CodingActivities>() {
  return declare<CodingActivities[Name]["input"], CodingActivities[Name]["output"]>();
}

/** A child machine, registered as a workflow under the name that it is invoked by. */
export function childWorkflow<Input, Output>() {
  return declare<Input, Output>();
}

/** The engine knows a declaration by this symbol. */
function declare<Input, Output>(): PromiseActorLogic<Output, Input> {
  const logic = fromPromise<Output, Input>(() => Promise.reject(new Error("a declaration cannot be run")));
  return Object.assign(logic, { [Symbol.for("orch.activity")]: true });
}
