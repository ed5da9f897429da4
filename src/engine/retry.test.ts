import { expect, test } from "vitest";
import { isLimit, nextAttemptDelay } from "./retry.ts";
import { noRetry, type RetryPolicy } from "./workflow.ts";

const policy: RetryPolicy = {
  maximumAttempts: 5,
  initialIntervalMs: 100,
  backoffCoefficient: 2,
  maximumIntervalMs: 500,
  nonRetryableCodes: ["hopeless"],
};
const error = { name: "Error", message: "no" };
const first = { failures: 1, attempt: 1 };

test("the wait grows by the coefficient, up to the longest", () => {
  expect([1, 2, 3, 4].map((failures) => nextAttemptDelay(policy, error, { failures, attempt: failures }))).toEqual([
    100, 200, 400, 500,
  ]);
});

test("there are no more attempts than the policy allows", () => {
  expect([5, 6].map((failures) => nextAttemptDelay(policy, error, { failures, attempt: failures }))).toEqual([
    null,
    null,
  ]);
  expect(nextAttemptDelay(noRetry, error, first)).toBeNull();
});

test("an error that says trying again is pointless, or whose code the policy names, ends it", () => {
  expect(nextAttemptDelay(policy, { ...error, retryable: false }, first)).toBeNull();
  expect(nextAttemptDelay(policy, { ...error, retryable: true, code: "hopeless" }, first)).toBeNull();
  expect(nextAttemptDelay(policy, { ...error, retryable: true, code: "other" }, first)).toBe(100);
});

test("a limit's own time is waited for, even beyond the longest interval, and longer when it comes again", () => {
  const limit = { ...error, retryable: true, retryAfterMs: 60_000 };
  expect(nextAttemptDelay(policy, limit, first)).toBe(60_000);
  expect(nextAttemptDelay(policy, { ...limit, retryAfterMs: 50 }, first)).toBe(100);
  expect(nextAttemptDelay(policy, { ...limit, retryAfterMs: 50 }, { failures: 1, attempt: 3 })).toBe(400);
});

test("a limit is no failure: it is waited for however often it comes", () => {
  const limit = { ...error, retryable: true, retryAfterMs: 10 };
  expect(isLimit(limit)).toBe(true);
  expect(nextAttemptDelay(noRetry, limit, { failures: 99, attempt: 99 })).toBe(10);
  expect(isLimit({ ...limit, retryable: false })).toBe(false);
});

test("the wait is a whole number: it is stored as one", () => {
  const odd = { ...policy, backoffCoefficient: 1.5 };
  expect([1, 2, 3, 4].map((failures) => nextAttemptDelay(odd, error, { failures, attempt: failures }))).toEqual([
    100, 150, 225, 338,
  ]);
  expect(nextAttemptDelay(policy, { ...error, retryable: true, retryAfterMs: 1234.5 }, first)).toBe(1235);
});
