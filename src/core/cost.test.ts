import { expect, test } from "vitest";
import { costOf, formatCost, formatMoney, type Prices, type Spending, spendingOf } from "./cost.ts";
import { noUsage, type TokenUsage } from "./usage.ts";

const prices: Prices = {
  currency: "USD",
  perMillionTokens: { planner: { input: 2, cachedInput: 0.5, output: 8 }, codex: { input: 1, output: 4 } },
};
const usage = (inputTokens: number, cachedInputTokens: number, outputTokens: number): TokenUsage => ({
  ...noUsage,
  ...{ inputTokens, cachedInputTokens, outputTokens },
});
const spent = (planner: TokenUsage, agents: TokenUsage = noUsage): Spending => ({ planner, agents });
const models = { plannerModel: "planner", codexModel: null };

test("cached tokens are part of the input: they are paid for once, at their own price", () => {
  expect(costOf(spent(usage(1_000_000, 400_000, 100_000)), models, prices)?.amount).toBeCloseTo(1.2 + 0.2 + 0.8, 10);
});

test("without a price of their own cached tokens cost what others do", () => {
  expect(costOf(spent(noUsage, usage(1_000_000, 900_000, 0)), models, prices)?.amount).toBeCloseTo(1, 10);
});

test("reasoning is part of the output, and is not paid for twice", () => {
  const reasoning = { ...usage(0, 0, 1_000_000), reasoningOutputTokens: 800_000 };
  expect(costOf(spent(reasoning), models, prices)?.amount).toBeCloseTo(8, 10);
});

test("the planner's meters are told from the agents' threads", () => {
  const meters = [
    { meter: "planner:j:1:0", ...usage(10, 0, 1) },
    { meter: "planner:j:9:0", ...usage(20, 0, 2) },
    { meter: "0192-thread", ...usage(300, 100, 30) },
  ];
  expect(spendingOf(meters)).toEqual(spent(usage(30, 0, 3), usage(300, 100, 30)));
});

test("a model without a price is named, and not taken for free", () => {
  const both = spent(usage(1_000_000, 0, 0), usage(5, 0, 5));
  expect(costOf(both, { plannerModel: "planner", codexModel: "constructor" }, prices)).toEqual({
    amount: 2,
    currency: "USD",
    unpriced: ["constructor"],
  });
  // What was not used needs no price.
  expect(costOf(spent(usage(1, 0, 0)), { plannerModel: "planner", codexModel: "other" }, prices)?.unpriced).toEqual([]);
  expect(costOf(both, models, null)).toBeNull();
});

test("money is written in its currency, small amounts with the digits that tell something", () => {
  expect(formatMoney(1204.5, "EUR")).toBe("€1,204.50");
  expect(formatMoney(0.42, "USD")).toBe("$0.42");
  expect(formatMoney(0.003_14, "USD")).toBe("$0.0031");
  expect(formatMoney(0, "USD")).toBe("$0.00");
  expect(formatCost({ amount: 0, currency: "USD", unpriced: ["codex"] })).toBe('unknown: "prices" has none for codex');
  expect(formatCost({ amount: 1, currency: "USD", unpriced: ["codex"] })).toBe(
    '$1.00 and what codex used: "prices" has none for it',
  );
});
