#!/usr/bin/env node
/**
 * Where `orch` starts. Plain JavaScript that any Node can read: it looks at the Node first, because what it would load
 * on an older one fails without a word.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = [22, 18];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  const wanted = OLDEST_NODE.join(".");
  console.error(
    `orch: Node ${process.versions.node} is too old: install Node ${wanted} or newer (in orch's own checkout: npx orch)`,
  );
  process.exit(2);
}

const root = fileURLToPath(new URL("..", import.meta.url));
// Node does not run TypeScript below node_modules: an installed orch is the compiled one.
const source = join(root, "src", "cli", "main.ts");
const isCheckout = existsSync(source) && !/[\\/]node_modules[\\/]/.test(root);

// TypeScript is stripped once, not at each start. Not in the system's temporary folder, as by default: an agent may
// write there.
if (isCheckout) (await import("node:module")).enableCompileCache(join(root, "node_modules", ".cache", "orch"));

const { main } = await import(isCheckout ? "../src/cli/main.ts" : "../dist/src/cli/main.js");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
await main(process.argv.slice(2), version);
