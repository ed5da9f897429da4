/** The engine of this checkout, or as it was at some commit, so that both can be measured in one run. */

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BenchFolder } from "../folder.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** What the engine is made of. */
const PARTS = ["src", "migrations", "package.json"];

export interface Tree {
  /** How tables name it: `orch`, `orch at 1c48536`. */
  readonly name: string;
  readonly createEngine: typeof import("../../src/engine/engine.ts")["createEngine"];
  readonly openSqliteStore: typeof import("../../src/store/sqlite/open.ts")["openSqliteStore"];
}

export function thisTree(): Promise<Tree> {
  return load(ROOT, "orch");
}

/** @throws Error if git knows no such commit, or the engine stood elsewhere then */
export async function treeAt(commit: string, folder: BenchFolder): Promise<Tree> {
  const root = join(folder.path, `at-${commit.replace(/\W/g, "-")}`);
  mkdirSync(root);
  const archive = execFileSync("git", ["archive", "--format=tar", commit, ...PARTS], {
    cwd: ROOT,
    maxBuffer: 256 * 1024 * 1024,
  });
  execFileSync("tar", ["-x", "-C", root], { input: archive });
  return load(root, `orch at ${commit}`);
}

async function load(root: string, name: string): Promise<Tree> {
  const from = (path: string) => pathToFileURL(join(root, "src", path)).href;
  const { createEngine } = (await import(from("engine/engine.ts"))) as Pick<Tree, "createEngine">;
  const { openSqliteStore } = (await import(from("store/sqlite/open.ts"))) as Pick<Tree, "openSqliteStore">;
  return { name, createEngine, openSqliteStore };
}
