/**
 * How a module with a workflow of one's own is loaded: with the orch and the XState that run it, wherever the file lies, and
 * never with anything that lies where agents write.
 */

import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UsageError } from "../core/errors.ts";
import { printable } from "../core/ids.ts";

const PACKAGE = "@orch/orch";
const here = import.meta.url;
/** The public API beside this file: of the sources in a checkout, else as it was compiled. */
const [INDEX = ""] = ["index.ts", "index.js"].map((name) => join(import.meta.dirname, "..", name)).filter(existsSync);

/** The files of each module that was loaded, by its own URL: itself, and what it imports outside of `node_modules`. */
const graphs = new Map<string, Set<string>>();
let isRegistered = false;

/** Loads a module. What it consists of is known by `filesOf` afterwards. */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  register();
  const { href } = pathToFileURL(path);
  if (!graphs.has(href)) graphs.set(href, new Set([href]));
  return (await import(href)) as Readonly<Record<string, unknown>>;
}

/** Absolute paths, sorted. */
export function filesOf(path: string): string[] {
  return [...(graphs.get(pathToFileURL(path).href) ?? [])].map((url) => fileURLToPath(url)).sort();
}

/** Whether the path is in the folder of a job, of whatever repository: agents write there. */
export function isWithinJob(path: string): boolean {
  return /[\\/]\.codex[\\/]jobs[\\/]/.test(path);
}

/** @throws UsageError `workflow-file-unsafe` */
export function refuseWithinJob(path: string): void {
  if (!isWithinJob(path)) return;
  throw new UsageError(`${printable(path, 500)} lies in the folder of a job, where agents write: it is not run`, {
    code: "workflow-file-unsafe",
    hint: "keep the workflow, and what it imports, in a folder that you alone write",
  });
}

/** Once in a process: it touches nothing but the modules of workflows. */
function register(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const parents = [...graphs.values()].filter((files) => files.has(context.parentURL ?? ""));
      const isEntry = graphs.has(specifier);
      if (parents.length === 0 && !isEntry) return nextResolve(specifier, context);
      if (specifier === PACKAGE) return nextResolve(pathToFileURL(INDEX).href, context);
      // Of two XStates, one would not know the other's actions.
      if (specifier === "xstate" || specifier.startsWith("xstate/")) {
        return nextResolve(specifier, { ...context, parentURL: here });
      }
      const resolved = nextResolve(specifier, context);
      if (!resolved.url.startsWith("file:")) return resolved;
      refuseWithinJob(fileURLToPath(resolved.url));
      if (/[\\/]node_modules[\\/]/.test(fileURLToPath(resolved.url))) return resolved;
      for (const files of parents) files.add(resolved.url);
      // A folder without a package.json says nothing of its files: without this, Node would guess, and say that it did.
      return /\.m?ts$/.test(resolved.url) ? { ...resolved, format: "module-typescript" } : resolved;
    },
  });
}
