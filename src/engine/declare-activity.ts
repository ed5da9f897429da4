/** Declares in a machine's `setup()` what its invoked names take and give. What they do is registered with the engine. */

import { fromPromise, type NonReducibleUnknown, type PromiseActorLogic } from "xstate";
import type { Json } from "../core/json.ts";
import { ACTIVITY_DECLARATION } from "./workflow.ts";

/** What `activity()` gives: types for XState, and nothing that could be run. */
export type ActivityLogic<Input, Output> = PromiseActorLogic<Output, Input> & {
  readonly [ACTIVITY_DECLARATION]: "activity" | "workflow";
};

/**
 * Declares an activity: a name in `setup({ actors })` that a state invokes. Input and output travel as JSON.
 *
 * @example setup({ actors: { charge: activity<{ amount: number }, { receipt: string }>() } })
 */
export function activity<Input extends NonReducibleUnknown = Json, Output = Json>(): ActivityLogic<Input, Output> {
  return declare<Input, Output>("activity");
}

/** Declares a child machine: the workflow that is registered under the name that it is invoked by. */
export function childWorkflow<Input extends NonReducibleUnknown = Json, Output = Json>(): ActivityLogic<Input, Output> {
  return declare<Input, Output>("workflow");
}

function declare<Input, Output>(kind: "activity" | "workflow"): ActivityLogic<Input, Output> {
  const logic = fromPromise<Output, Input>(() => Promise.reject(new Error("a declaration cannot be run")));
  return Object.assign(logic, { [ACTIVITY_DECLARATION]: kind } as const);
}
