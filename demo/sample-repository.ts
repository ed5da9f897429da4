/** Makes the small repository that the demo works on. */

import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";

export interface SampleRepository {
  readonly root: string;
  /** Runs git there and returns what it prints. */
  git(...args: readonly string[]): string;
}

export function makeSampleRepository(root: string): SampleRepository {
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" });
  cpSync(join(import.meta.dirname, "greenhouse"), root, { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Demo");
  git("config", "user.email", "demo@localhost");
  git("add", "--all");
  git("commit", "--quiet", "--message=Greenhouse sensors");
  return { root, git };
}
