/** Looks at a page as it stands: axe-core's findings, light and dark, and pictures of it at three widths. */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const SHOTS = join(import.meta.dirname, "..", "..", "..", ".tmp", "shots", "test-ui");
const THEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Colours that are on their way to others are neither. */
const SETTLED = `Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
  .map((one) => one.finished.catch(() => {}))).then(() => {})`;
/** Pixels, after what watches its own size was told of the new one. */
const OVERFLOW = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
  resolve(document.documentElement.scrollWidth - document.documentElement.clientWidth), 50))))`;
/** The rest of the page is the same in the other theme. */
const RULES = { light: "", dark: `runOnly: ["color-contrast", "link-in-text-block"],` };

/** Fails on a finding that is serious or critical, in either theme. */
export async function checkAccess(page: Page, name: string): Promise<void> {
  const findings: string[] = [];
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(SETTLED);
    if ((await page.evaluate("typeof axe")) === "undefined") await page.evaluate(axe);
    const { violations } = (await page.evaluate(
      `axe.run(document, { ${RULES[colorScheme]} resultTypes: ["violations"] })`,
    )) as AxeResults;
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      for (const { target, failureSummary } of nodes.slice(0, 3)) {
        findings.push(`${colorScheme}: ${id} at ${target.join(" ")}: ${failureSummary?.replaceAll(/\s+/g, " ")}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  expect.soft(findings, `axe-core on "${name}"`).toEqual([]);
}

/** Whether it is wider than its window, at three widths; pictures of it, light and dark, at those that are asked for. */
export async function takePictures(page: Page, name: string, widths: readonly number[]): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  const tooWide: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const over = (await page.evaluate(OVERFLOW)) as number;
    if (over > 0) tooWide.push(`${size.width}: ${over} px`);
    for (const colorScheme of widths.includes(size.width) ? THEMES : []) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(SETTLED);
      await page.screenshot({ path: join(SHOTS, `${name}-${size.width}-${colorScheme}.png`), animations: "disabled" });
    }
  }
  await page.setViewportSize(SIZES[0]);
  await page.emulateMedia({ colorScheme: "light" });
  expect.soft(tooWide, `"${name}" is wider than its window`).toEqual([]);
}

/** A state that is worth pictures at every width. */
export async function look(page: Page, name: string): Promise<void> {
  await checkAccess(page, name);
  await takePictures(
    page,
    name,
    SIZES.map(({ width }) => width),
  );
}

/** A page of a job. */
export async function glance(page: Page, name: string): Promise<void> {
  await checkAccess(page, name);
  await takePictures(page, name, [1440]);
}
