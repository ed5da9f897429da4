/** The folder that Codex keeps its threads in: made on first use, for its owner only. */

import { mkdirSync } from "node:fs";

/** `folder` must not lie under the system's temporary folder: Codex refuses its helper programs there. */
export function makeCodexHome(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}
