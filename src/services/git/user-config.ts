/** Reads the user's git configuration: only before an agent has run, and only into the orchestrator's own files. */

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Repository } from "../../core/coding.ts";
import { Git } from "./git.ts";
import { readingEnvironment } from "./git-environment.ts";

export type ConfigEntry = readonly [key: string, value: string];

/** Every setting that counts in the repository, in git's order: a later one wins. Keys are in lower case but for their middle part. */
export async function readUserConfig(
  repository: Pick<Repository, "gitDir" | "root">,
  scope: "effective" | "local",
  signal?: AbortSignal,
): Promise<ConfigEntry[]> {
  const git = new Git({ gitDir: repository.gitDir, environment: readingEnvironment(), signal });
  const args = ["config", "--list", "-z", "--includes", ...(scope === "local" ? ["--local"] : [])];
  const output = await git.run(args, { cwd: repository.root });
  return output
    .split("\0")
    .filter(Boolean)
    .map((entry) => {
      const end = entry.indexOf("\n");
      // A key without a value is how git writes `true`.
      return end === -1 ? [entry, "true"] : [entry.slice(0, end), entry.slice(end + 1)];
    });
}

export function lastValue(config: readonly ConfigEntry[], key: string): string | undefined {
  return config.findLast(([name]) => name === key)?.[1];
}

/** A configuration file's text with these entries. */
export function configText(entries: readonly ConfigEntry[]): string {
  return entries
    .map(([key, value]) => {
      const first = key.indexOf(".");
      const last = key.lastIndexOf(".");
      const section = key.slice(0, first);
      const middle = first === last ? "" : ` "${key.slice(first + 1, last).replace(/[\\"]/g, "\\$&")}"`;
      return `[${section}${middle}]\n\t${key.slice(last + 1)} = ${quoted(value)}\n`;
    })
    .join("");
}

/** The patterns that the user wants ignored everywhere (`core.excludesFile`); empty if there are none. */
export async function globalExcludes(config: readonly ConfigEntry[]): Promise<string> {
  const home = process.env.HOME ?? homedir();
  const configured = lastValue(config, "core.excludesfile");
  const path = configured
    ? configured.replace(/^~\//, `${home}/`)
    : join(process.env.XDG_CONFIG_HOME || join(home, ".config"), "git", "ignore");
  return path.startsWith("/") ? readFile(path, "utf8").catch(() => "") : "";
}

function quoted(value: string): string {
  const escaped = value
    .replace(/[\\"]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")
    .replaceAll("\b", "\\b");
  return `"${escaped}"`;
}
