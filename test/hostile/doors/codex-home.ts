/** A home for the real Codex, for as long as it is needed. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../world.ts";

export const codexPath = join(ROOT, "node_modules", ".bin", "codex");

/** Codex refuses a home under the system's temporary folder. */
export function makeCodexHome(): { readonly codexHome: string } & Disposable {
  mkdirSync(join(ROOT, ".tmp"), { recursive: true });
  const codexHome = mkdtempSync(join(ROOT, ".tmp", "codex-home-"));
  return {
    codexHome,
    [Symbol.dispose]: () => rmSync(codexHome, { recursive: true, force: true, maxRetries: 3 }),
  };
}
