/** Errors as HTTP answers: a status, a code, a message, the next step. What we did not foresee says no more than that. */

import { errorMessage, OrchError, UsageError } from "../core/errors.ts";
import type { ErrorBody } from "../core/protocol/common.ts";

/** An answer that is no success, thrown from wherever it is found out. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: number, code: string, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

const UNKNOWN = /-unknown$/;
const NOT_NOW = new Set(["not-now", "job-closed", "job-exists", "branch-exists", "diff-changed", "point-is-end"]);
const UNAVAILABLE = new Set(["no-api-key", "codex-not-found", "codex-too-old", "sandbox-unavailable"]);

/** @param report is told what a user of the page is not: an error that nobody foresaw */
export function errorResponse(error: unknown, report: (text: string) => void): Response {
  const { status, code, message, hint } = describe(error);
  if (status === 500) report(error instanceof Error ? (error.stack ?? String(error)) : errorMessage(error));
  const body: ErrorBody = { error: { code, message, ...(hint !== undefined && { hint }) } };
  return Response.json(body, { status });
}

function describe(error: unknown): { status: number; code: string; message: string; hint?: string | undefined } {
  if (error instanceof HttpError) return error;
  if (error instanceof OrchError) {
    const { code, message, hint } = error;
    return { status: statusOf(error), code, message, hint };
  }
  return { status: 500, code: "internal", message: "something went wrong in the server", hint: "see its terminal" };
}

function statusOf({ code, ...error }: OrchError): number {
  if (UNKNOWN.test(code)) return 404;
  if (NOT_NOW.has(code) || code === "job-running-elsewhere") return 409;
  if (UNAVAILABLE.has(code)) return 503;
  if (code.startsWith("database-")) return 503;
  return error.name === UsageError.name || code.startsWith("bad-") ? 400 : 422;
}
