/**
 * Runs one of the repository's programs on a fresh clone: installs what the lockfile names if that is not there yet, then
 * starts the program with the Node that the lockfile carries. Plain JavaScript, because the machine's own Node may be
 * too old for anything else: `node scripts/bootstrap.mjs PROGRAM [ARGUMENT …]`.
 */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");

if (!isInstalled()) install();
run(process.argv.slice(2));

/** npm writes this file last: it is as new as the lockfile if, and only if, the last install went through. */
function isInstalled() {
  const marker = join(modules, ".package-lock.json");
  return existsSync(marker) && existsSync(bundledNode()) && statSync(marker).mtimeMs >= lockfileTime();
}

function lockfileTime() {
  return statSync(join(root, "package-lock.json")).mtimeMs;
}

function install() {
  console.error("Installing what package-lock.json names (once; about 600 MB, most of it the Codex CLI) …");
  // Not `npm ci`: it refuses a lockfile that names no package for platforms which a mirror of the registry does not carry.
  const arguments_ = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", arguments_, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0) return;
  console.error("The install failed. Check the connection to the npm registry, then run the same command again.");
  process.exit(1);
}

function bundledNode() {
  return join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node");
}

function run([program, ...rest]) {
  const path = [join(modules, ".bin"), process.env.PATH].join(process.platform === "win32" ? ";" : ":");
  const child = spawn(bundledNode(), [join(root, program), ...rest], {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  // The terminal sends Ctrl-C to both; the child decides what it means.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => signal === "SIGINT" || child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
