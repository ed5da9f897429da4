/** Errors as a page shows them: what happened, its causes, the next step. No stack leaves the server. */

import { type ErrorData, isErrorData } from "../../core/errors.ts";
import type { ErrorView, FullError } from "../../core/protocol/common.ts";

const LONGEST_MESSAGE = 4000;

export function plainError({ message, code, hint }: ErrorData): ErrorView {
  return {
    message: message.slice(0, LONGEST_MESSAGE),
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint }),
  };
}

export function fullError(error: ErrorData): FullError {
  const causes: ErrorView[] = [];
  for (let cause = error.cause; cause; cause = cause.cause) causes.push(plainError(cause));
  return { ...plainError(error), causes };
}

/** Of what stands in an event or a context as an error. */
export function plainErrorOf(value: unknown): ErrorView | null {
  return isErrorData(value) ? plainError(value) : null;
}
