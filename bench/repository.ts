/** A small repository, and an environment in which orch works on it without touching the user's own places. */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

export interface BenchRepository {
  readonly repository: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** @param folder an empty one, in which all of it is made */
export function makeRepository(folder: string): BenchRepository {
  const repository = join(folder, "repository");
  mkdirSync(repository);
  writeFileSync(join(repository, "README.md"), "# A small repository\n");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: repository });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=Bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "--message=First");
  const environment = {
    ...process.env,
    PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`,
    XDG_STATE_HOME: join(folder, "state"),
    CODEX_HOME: join(folder, "codex-home"),
    OPENAI_API_KEY: "sk-the-scripted-model-needs-none",
  };
  mkdirSync(environment.CODEX_HOME);
  return { repository, environment };
}
