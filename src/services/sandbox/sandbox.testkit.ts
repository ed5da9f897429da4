/** The real sandbox, for tests: the Codex of this checkout, with a home of its own beside the tests' other ones. */

import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CodexSandbox } from "./run-sandboxed.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const programs = join(checkout, "node_modules", ".bin");
// Codex refuses a home under the system's temporary folder.
const codexHome = join(checkout, ".tmp", "codex-home-of-sandbox");
mkdirSync(codexHome, { recursive: true });

export const environment = { ...process.env, PATH: [programs, process.env.PATH].join(delimiter) };
export const sandbox: CodexSandbox = { codexPath: join(programs, "codex"), codexHome, environment };
