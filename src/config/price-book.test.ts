import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import { openPriceBook } from "./price-book.ts";

const PRICES = { perMillionTokens: { model: { input: 1, output: 8 } } };

function repositoryWith(config: unknown): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "orch-prices-")));
  onTestFinished(() => rmSync(path, { recursive: true }));
  writeFileSync(join(path, "orch.config.json"), typeof config === "string" ? config : JSON.stringify(config));
  return path;
}

function open(environment: Readonly<Record<string, string>> = {}) {
  const problems: string[] = [];
  const directory = repositoryWith({});
  return { pricesOf: openPriceBook(environment, directory, (problem) => problems.push(problem)), problems };
}

test("each job's repository has its own prices; the environment's come before them", () => {
  const [priced, bare] = [repositoryWith({ prices: PRICES }), repositoryWith({})];
  const { pricesOf, problems } = open();
  expect(pricesOf(priced)).toEqual({ currency: "USD", ...PRICES });
  expect(pricesOf(bare)).toBeNull();
  expect(pricesOf(join(bare, "gone"))).toBeNull();
  const mine = { currency: "EUR", perMillionTokens: {} };
  expect(open({ ORCHESTRATOR_PRICES: JSON.stringify(mine) }).pricesOf(priced)).toEqual(mine);
  expect(problems).toEqual([]);
});

test("a broken file keeps nobody from looking at jobs: there are no prices then, and it is said once", () => {
  const { pricesOf, problems } = open();
  const broken = repositoryWith("{");
  expect([pricesOf(broken), pricesOf(broken)]).toEqual([null, null]);
  expect(problems).toEqual([expect.stringMatching(/^no prices: .*orch\.config\.json cannot be used/)]);
});

test.each([
  [{ perMillionTokens: { m: { input: -1, output: 8 } } }, "perMillionTokens.m.input: it must not be below 0"],
  [{ perMillionTokens: { m: { input: "1", output: 8 } } }, "perMillionTokens.m.input: it must be a number"],
  [{ perMillionTokens: { m: { input: 1 } } }, "perMillionTokens.m.output: it must be a number"],
  [{ perMillionTokens: { m: { input: 1, output: 1, cached: 1 } } }, "perMillionTokens.m: it must be {"],
  [{ perMillionTokens: [] }, "perMillionTokens: it must be an object with a price for each model"],
  [{ currency: "dollars", perMillionTokens: {} }, "currency: it must be three capital letters"],
  [{ m: { input: 1, output: 1 } }, "perMillionTokens: it must be an object with a price for each model"],
  ["cheap", 'it must be { "currency"'],
])("a wrong price is refused with its place: %j", (prices, message) => {
  const directory = repositoryWith({ prices });
  expect(() => loadConfig({ flags: { repository: directory }, environment: {}, directory })).toThrow(message);
});
