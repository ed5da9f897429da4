/** What tokens cost in money, by the prices that the user gave. Pure. */

import { addUsage, noUsage, type TokenUsage } from "./usage.ts";

/** Currency units for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  /** Of input that the provider had cached. Left out: as `input`. */
  readonly cachedInput?: number | undefined;
  /** Reasoning is part of it. */
  readonly output: number;
}

export interface Prices {
  /** ISO 4217: `USD`. */
  readonly currency: string;
  /** By the model's name as the settings have it; `codex`: Codex's own default. */
  readonly perMillionTokens: Readonly<Record<string, ModelPrice>>;
}

/** The prices for jobs in that repository (the absolute path of its root); null if there are none. */
export type PricesOf = (repository: string) => Prices | null;

export const noPrices: PricesOf = () => null;

/** Whom to look up when the agents' model is Codex's own choice. */
export const CODEX_DEFAULT_MODEL = "codex";

/** What a job, or a part of it, used. The planner's model and the agents' are paid for apart. */
export interface Spending {
  readonly planner: TokenUsage;
  readonly agents: TokenUsage;
}

export const noSpending: Spending = { planner: noUsage, agents: noUsage };

export interface Models {
  readonly plannerModel: string;
  /** Null: Codex's own default. */
  readonly codexModel: string | null;
}

export interface Cost {
  /** In units of the currency, unrounded. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /** Models that were used and have no price: `amount` is without them. */
  readonly unpriced: readonly string[];
}

/** Sums what meters (`planner:…`, an agent's thread) show. */
export function spendingOf(meters: readonly (TokenUsage & { readonly meter: string })[]): Spending {
  let { planner, agents } = noSpending;
  for (const usage of meters) {
    if (usage.meter.startsWith("planner:")) planner = addUsage(planner, usage);
    else agents = addUsage(agents, usage);
  }
  return { planner, agents };
}

export function addSpending(a: Spending, b: Spending): Spending {
  return { planner: addUsage(a.planner, b.planner), agents: addUsage(a.agents, b.agents) };
}

export function totalOf({ planner, agents }: Spending): TokenUsage {
  return addUsage(planner, agents);
}

/** Null without prices. */
export function costOf(spent: Spending, models: Models, prices: Prices | null): Cost | null {
  if (prices === null) return null;
  const used = [
    { model: models.plannerModel, usage: spent.planner },
    { model: models.codexModel ?? CODEX_DEFAULT_MODEL, usage: spent.agents },
  ].filter(({ usage }) => usage.inputTokens + usage.outputTokens > 0);
  let amount = 0;
  const unpriced = new Set<string>();
  for (const { model, usage } of used) {
    // Own properties only: "constructor" is no model that has a price.
    const price = Object.hasOwn(prices.perMillionTokens, model) ? prices.perMillionTokens[model] : undefined;
    if (price) amount += amountOf(usage, price);
    else unpriced.add(model);
  }
  return { amount, currency: prices.currency, unpriced: [...unpriced] };
}

function amountOf({ inputTokens, cachedInputTokens, outputTokens }: TokenUsage, price: ModelPrice): number {
  const cached = Math.min(cachedInputTokens, inputTokens);
  const { input, cachedInput = input, output } = price;
  return ((inputTokens - cached) * input + cached * cachedInput + outputTokens * output) / 1_000_000;
}

/** `$0.42`, `€1,204.50`, `$0.0031`: small amounts with as many digits as tell something. */
export function formatMoney(amount: number, currency: string): string {
  const digits = amount > 0 && amount < 0.01 ? { maximumSignificantDigits: 2, minimumFractionDigits: 2 } : {};
  return new Intl.NumberFormat("en-US", { style: "currency", currency, ...digits }).format(amount);
}

/** `$0.42`, `$0.42 and what codex used, which has no price`, `no price for codex`. */
export function formatCost({ amount, currency, unpriced }: Cost): string {
  const names = unpriced.join(" and ");
  if (unpriced.length === 0) return formatMoney(amount, currency);
  if (amount === 0) return `unknown: "prices" has none for ${names}`;
  return `${formatMoney(amount, currency)} and what ${names} used: "prices" has none for it`;
}
