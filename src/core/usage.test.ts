import { expect, test } from "vitest";
import { addUsage, maxUsage, noUsage, type TokenUsage } from "./usage.ts";

const usage = (
  inputTokens: number,
  cachedInputTokens: number,
  outputTokens: number,
  reasoningOutputTokens: number,
): TokenUsage => ({
  inputTokens,
  cachedInputTokens,
  outputTokens,
  reasoningOutputTokens,
});

test("usage is added figure by figure", () => {
  expect(addUsage(usage(1, 2, 3, 4), usage(10, 20, 30, 40))).toEqual(usage(11, 22, 33, 44));
  expect(addUsage(usage(1, 2, 3, 4), noUsage)).toEqual(usage(1, 2, 3, 4));
});

test("of two readings of a meter each figure's higher one counts", () => {
  expect(maxUsage(usage(100, 2, 30, 4), usage(10, 20, 3, 40))).toEqual(usage(100, 20, 30, 40));
  expect(maxUsage(noUsage, usage(1, 2, 3, 4))).toEqual(usage(1, 2, 3, 4));
});
