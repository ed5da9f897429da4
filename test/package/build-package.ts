/** Makes the package's tarball from the sources as they are, without a trace in the checkout. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
const BIN = join(ROOT, "node_modules", ".bin");

/** @returns the path of the tarball */
export function buildPackage(folder: string): string {
  const staged = join(folder, "staged");
  mkdirSync(staged);
  for (const name of ["package.json", "README.md", "LICENSE", "bin"]) {
    cpSync(join(ROOT, name), join(staged, name), { recursive: true });
  }
  const run = (command: string, ...args: string[]) =>
    execFileSync(join(BIN, command), args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  run("tsc", "-p", "tsconfig.build.json", "--outDir", join(staged, "dist"));
  run("vite", "build", "--config", "ui/vite.config.ts", "--outDir", join(staged, "dist", "ui"), "--emptyOutDir");
  return pack(staged, folder);
}

/** `npm pack`, with what `prepack` makes only if it is asked for. */
export function pack(from: string, to: string, scripts: "with scripts" | "no scripts" = "no scripts"): string {
  const flags = scripts === "no scripts" ? ["--ignore-scripts"] : [];
  const out = execFileSync("npm", ["pack", "--json", "--pack-destination", to, ...flags], {
    cwd: from,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  const { filename } = namesIn(out);
  return join(to, filename);
}

/** What the build printed may stand before it. */
function namesIn(out: string): { readonly filename: string } {
  const [first] = JSON.parse(out.slice(out.search(/^[[{]/m))) as { filename: string }[];
  if (!first) throw new Error("npm packed nothing");
  return first;
}
