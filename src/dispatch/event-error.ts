/** An error as reporters are told of it: no stack, no causes of causes. */

import { errorMessage, OrchError } from "../core/errors.ts";
import type { EventError } from "./dispatch-event.ts";

export function eventError(thrown: unknown): EventError {
  const { code, hint } = thrown instanceof OrchError ? thrown : { code: undefined, hint: undefined };
  return {
    message: errorMessage(thrown),
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint }),
  };
}

/** Nothing can be taken or run any more: it is not one task's trouble. */
export function isDispatcherTrouble(thrown: unknown): boolean {
  return thrown instanceof OrchError && thrown.code.startsWith("database-");
}
