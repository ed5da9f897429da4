/** What went wrong with a model request, as an error that says whether trying again can help. Never shows the key. */

import { errorMessage, OrchError, type OrchErrorOptions } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";

/** `secrets` are left out of every text that came back from the server. */
export function toModelError(thrown: unknown, secrets: readonly string[]): OrchError {
  const status = numberOf(thrown, "status");
  const said = printable(redact(errorMessage(thrown), secrets), 300);
  const error = (code: string, message: string, options: Omit<OrchErrorOptions, "code"> = {}) =>
    // Without the cause: a client's error may carry the request with its headers.
    new OrchError(message, { code, ...(status !== undefined && { details: { status } }), ...options });

  if (status === undefined && !isConnection(thrown)) {
    return error("model-answer-unreadable", "what the model service answered is not an answer of the Responses API", {
      retryable: true,
      hint: "check OPENAI_BASE_URL",
      details: { reason: said },
    });
  }
  if (status === undefined) {
    return error("model-unavailable", `the connection to the model service failed: ${said}`, {
      retryable: true,
      hint: "check the network and OPENAI_BASE_URL",
    });
  }
  if (status === 401 || status === 403) {
    return error("model-refused-key", `the model service refused the key (${status})`, {
      hint: "check that OPENAI_API_KEY is valid for this service and may use this model",
    });
  }
  if (status === 429 && textOf(thrown, "code") === "insufficient_quota") {
    return error("model-quota-used-up", "the model service says that the account's quota is used up (429)", {
      hint: "check the plan and the billing of the account behind OPENAI_API_KEY, then resume the job",
    });
  }
  if (status === 429) {
    const retryAfterMs = readRetryAfter(thrown);
    return error("rate-limited", `the model service limits the rate of requests (429): ${said}`, {
      retryable: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  if (status >= 500 || status === 408 || status === 409) {
    const retryAfterMs = readRetryAfter(thrown);
    return error("model-unavailable", `the model service failed (${status}): ${said}`, {
      retryable: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  return error("model-refused-request", `the model service refused the request (${status}): ${said}`, {
    hint:
      status === 404
        ? "check the planner's model and OPENAI_BASE_URL"
        : "check the planner's model; if the request is too long, give a smaller task",
  });
}

export function modelTimeout(limitMs: number): OrchError {
  return new OrchError(`the model did not answer within ${Math.round(limitMs / 1000)} s`, {
    code: "model-timeout",
    retryable: true,
  });
}

/** Milliseconds that the server asks to wait; undefined if it does not say. */
function readRetryAfter(thrown: unknown): number | undefined {
  const headers = thrown instanceof Error && "headers" in thrown ? thrown.headers : undefined;
  if (!(headers instanceof Headers)) return undefined;
  const exact = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  if (exact >= 0) return Math.ceil(exact);
  const text = headers.get("retry-after") ?? "";
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Math.ceil(Number(text) * 1000);
  // A date is compared with the server's own clock, ours may be wrong.
  const wait = Date.parse(text) - Date.parse(headers.get("date") ?? new Date().toUTCString());
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The client's own errors have a `status`, if only an undefined one; a socket's have a code, or a cause that has. */
function isConnection(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return "status" in thrown || textOf(thrown, "code") !== undefined || isConnection(thrown.cause);
}

function redact(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/\bsk-[\w*.-]{4,}/g, "[key]");
  for (const secret of secrets) if (secret.length > 3) clean = clean.replaceAll(secret, "[key]");
  return clean;
}

function numberOf(thrown: unknown, name: string): number | undefined {
  const value = (thrown as Record<string, unknown> | null)?.[name];
  return typeof value === "number" ? value : undefined;
}

function textOf(thrown: unknown, name: string): string | undefined {
  const value = (thrown as Record<string, unknown> | null)?.[name];
  return typeof value === "string" ? value : undefined;
}
