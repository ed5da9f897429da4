/** What the server refused, or why it could not be asked: always with words for a person and, mostly, the next step. */

import type { ErrorView } from "../../../src/core/protocol/common.ts";

export class ApiError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  /** HTTP status; 0 if no answer came. */
  readonly status: number;

  constructor(status: number, { code, message, hint }: { code: string; message: string; hint?: string | undefined }) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** Anything that was thrown, as the pages show errors. */
export function toErrorView(error: unknown): ErrorView {
  if (error instanceof ApiError)
    return { message: error.message, code: error.code, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return { message: error instanceof Error ? error.message : String(error) };
}
