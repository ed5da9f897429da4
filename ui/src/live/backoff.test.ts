import { expect, test } from "vitest";
import { backoff } from "./backoff.ts";

test("the first attempt comes soon, later ones further apart, none later than five seconds", () => {
  expect(backoff(0, 1)).toBe(150);
  expect(backoff(3, 1)).toBe(1200);
  expect(backoff(50, 1)).toBe(5000);
});

test("pages that lost the same server do not come back at the same moment", () => {
  expect(backoff(5, 0)).toBeLessThan(backoff(5, 1));
  expect(backoff(5, 0)).toBeGreaterThan(0);
});
