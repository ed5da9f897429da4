/** Whether, and when, a failed activity is tried again. Pure. */

import type { ErrorData } from "../core/errors.ts";
import type { RetryPolicy } from "./workflow.ts";

/**
 * Whether an error is a limit with a time of its own ("try again in 5 minutes"): it is waited for, however often, and is
 * no failure.
 */
export function isLimit(error: ErrorData): boolean {
  return error.retryable === true && error.retryAfterMs !== undefined;
}

/**
 * Whole milliseconds until the next attempt, or null if there is none.
 *
 * @param failures how many attempts have failed, this one included
 * @param attempt the number of this attempt: a limit that comes again and again is waited for longer and longer
 */
export function nextAttemptDelay(
  policy: RetryPolicy,
  error: ErrorData,
  { failures, attempt }: { readonly failures: number; readonly attempt: number },
): number | null {
  if (isLimit(error)) return Math.ceil(Math.max(error.retryAfterMs ?? 0, backoff(policy, attempt)));
  if (failures >= policy.maximumAttempts) return null;
  if (error.retryable === false) return null;
  if (error.code !== undefined && policy.nonRetryableCodes?.includes(error.code)) return null;
  return Math.ceil(backoff(policy, failures));
}

function backoff(policy: RetryPolicy, times: number): number {
  return Math.min(policy.initialIntervalMs * policy.backoffCoefficient ** (times - 1), policy.maximumIntervalMs);
}
