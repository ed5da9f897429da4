/** What models cost, for a command that only looks at jobs. */

import { openPriceBook } from "../config/price-book.ts";
import type { PricesOf } from "../core/cost.ts";
import type { Session } from "./session.ts";

export function openPrices({ environment, directory, stderr }: Session): PricesOf {
  return openPriceBook(environment, directory, (problem) => stderr.line(`orch: ${problem}`));
}
