/**
 * The prices that count for a job are those of its repository's settings when one looks, not those of when it ran: prices
 * that were forgotten, mistyped or new then can be set later, and no job has to be told.
 */

import type { Prices, PricesOf } from "../core/cost.ts";
import { errorMessage } from "../core/errors.ts";
import { loadPrices } from "./load-config.ts";

/** How long what was read counts: whoever changes a price sees it soon, and a list of jobs reads each file once. */
const KEPT_MS = 2000;

interface Kept {
  readonly prices: Prices | null;
  readonly at: number;
}

/**
 * Wrong settings must not keep anybody from looking at jobs: there are no prices then, and it is said once.
 *
 * @param directory the folder whose `.env` is read
 * @param onProblem told, in a sentence, what is wrong with the settings
 */
export function openPriceBook(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
  onProblem: (problem: string) => void,
): PricesOf {
  const kept = new Map<string, Kept>();
  const told = new Set<string>();
  const load = (repository: string): Prices | null => {
    try {
      return loadPrices(environment, directory, repository) ?? null;
    } catch (error) {
      const problem = errorMessage(error);
      if (!told.has(problem)) onProblem(`no prices: ${problem}`);
      told.add(problem);
      return null;
    }
  };
  return (repository) => {
    const known = kept.get(repository);
    const now = performance.now();
    if (known && now - known.at < KEPT_MS) return known.prices;
    const prices = load(repository);
    kept.set(repository, { prices, at: now });
    return prices;
  };
}
