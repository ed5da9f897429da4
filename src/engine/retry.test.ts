import { expect, test } from "vitest";
import { nextAttemptDelay } from "./retry.ts";
import { noRetry, type RetryPolicy } from "./workflow.ts";

const policy: RetryPolicy = {
  maximumAttempts: 5,
  initialIntervalMs: 100,
  backoffCoefficient: 2,
  maximumIntervalMs: 500,
  nonRetryableCodes: ["hopeless"],
};
const error = { name: "Error", message: "no" };

test("the wait grows by the coefficient, up to the longest", () => {
  expect([1, 2, 3, 4].map((failures) => nextAttemptDelay(policy, error, failures))).toEqual([100, 200, 400, 500]);
});

test("there are no more attempts than the policy allows", () => {
  expect([5, 6].map((failures) => nextAttemptDelay(policy, error, failures))).toEqual([null, null]);
  expect(nextAttemptDelay(noRetry, error, 1)).toBeNull();
});

test("an error that says trying again is pointless, or whose code the policy names, ends it", () => {
  expect(nextAttemptDelay(policy, { ...error, retryable: false }, 1)).toBeNull();
  expect(nextAttemptDelay(policy, { ...error, retryable: true, code: "hopeless" }, 1)).toBeNull();
  expect(nextAttemptDelay(policy, { ...error, retryable: true, code: "other" }, 1)).toBe(100);
});

test("a rate limit's own word is waited for, even beyond the longest interval", () => {
  expect(nextAttemptDelay(policy, { ...error, retryAfterMs: 60_000 }, 1)).toBe(60_000);
  expect(nextAttemptDelay(policy, { ...error, retryAfterMs: 50 }, 1)).toBe(100);
});

test("the wait is a whole number: it is stored as one", () => {
  const odd = { ...policy, backoffCoefficient: 1.5 };
  expect([1, 2, 3, 4].map((failures) => nextAttemptDelay(odd, error, failures))).toEqual([100, 150, 225, 338]);
  expect(nextAttemptDelay(policy, { ...error, retryAfterMs: 1234.5 }, 1)).toBe(1235);
});
