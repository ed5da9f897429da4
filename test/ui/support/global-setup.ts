/** Once for all tests in the browser: the pages are built, and one browser is started. */

import type { TestProject } from "vitest/node";
import { startBrowser } from "../../support/browser.ts";
import { buildPages } from "../../support/pages.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly browser: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildPages();
  const browser = await startBrowser();
  project.provide("browser", browser.wsEndpoint());
  return () => browser.close();
}
