/** The programs in the README: code blocks whose first line is a comment with the name of their file. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const README = join(import.meta.dirname, "..", "..", "README.md");

export function readmeCode(file: string): string {
  const blocks = readFileSync(README, "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm);
  for (const [, code = ""] of blocks) if (code.startsWith(`// ${file}\n`)) return code;
  throw new Error(`the README has no program ${file}`);
}
