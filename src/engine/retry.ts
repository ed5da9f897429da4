/** Whether, and when, a failed activity is tried again. Pure. */

import type { ErrorData } from "../core/errors.ts";
import type { RetryPolicy } from "./workflow.ts";

/**
 * Whole milliseconds until the next attempt, or null if there is none.
 *
 * @param failures how many attempts have failed, this one included
 */
export function nextAttemptDelay(policy: RetryPolicy, error: ErrorData, failures: number): number | null {
  if (failures >= policy.maximumAttempts) return null;
  if (error.retryable === false) return null;
  if (error.code !== undefined && policy.nonRetryableCodes?.includes(error.code)) return null;
  const backoff = policy.initialIntervalMs * policy.backoffCoefficient ** (failures - 1);
  return Math.ceil(Math.max(Math.min(backoff, policy.maximumIntervalMs), error.retryAfterMs ?? 0));
}
