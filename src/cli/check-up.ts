/** What `orch doctor` looks at, one thing after the other. */

import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../config/load-config.ts";
import type { SettingName } from "../config/settings.ts";
import { OrchError } from "../core/errors.ts";
import { checkSandbox } from "../services/codex/check-sandbox.ts";
import { findCodex } from "../services/codex/find-codex.ts";
import { gitVersion } from "../services/git/find-repository.ts";
import { inspectRepository } from "../services/git/inspect-repository.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { loadSettings } from "./load-settings.ts";
import { describeError } from "./report-error.ts";
import type { Session } from "./session.ts";

export interface Check {
  readonly name: string;
  /** `skipped`: it cannot be looked at, or there is nothing to look at. */
  readonly status: "ok" | "failed" | "skipped";
  readonly detail: string;
  /** What to do, if it failed. */
  readonly remedy: string | null;
}

const SANDBOX_REMEDY =
  "no agent runs without it: allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; in a container, allow them there), or use a machine where they are";

type Look = () => Promise<string | Skipped> | string | Skipped;
interface Skipped {
  readonly skipped: string;
}

export async function checkUp(session: Session, flags: Partial<Record<SettingName, unknown>>): Promise<Check[]> {
  const checks = [await check("Node", () => process.versions.node), await check("git", gitVersion)];
  let config: Config | undefined;
  checks.push(
    await check("settings", () => {
      config = loadSettings(session, flags);
      return "flags, environment, .env and orch.config.json can be read";
    }),
  );
  return config ? [...checks, ...(await checkWith(config, session, "repository" in flags))] : checks;
}

async function checkWith(config: Config, session: Session, isAsked: boolean): Promise<Check[]> {
  const { environment, directory } = session;
  let codexPath: string | undefined;
  return [
    await check("key", () => {
      if (config.apiKey !== undefined) return "set (it is not shown)";
      throw problem("there is no key for the model", "set OPENAI_API_KEY in the environment or in .env");
    }),
    await check("base URL", () => config.baseUrl),
    await check("Codex", async () => {
      const { path, version } = await findCodex({ codex: config.codexPath, environment, cwd: directory });
      codexPath = path;
      return `${version} at ${path}`;
    }),
    await check("sandbox", async () => {
      if (codexPath === undefined) return { skipped: "there is no Codex to start it" };
      const result = await checkSandbox({ codexPath, codexHome: config.codexHome, environment });
      if (result.ok) return "Codex's sandbox starts";
      throw problem(`Codex's sandbox does not start: ${result.reason}`, SANDBOX_REMEDY);
    }),
    await check("database", () => checkDatabase(config.databasePath)),
    await check("repository", async () => {
      try {
        const { root, baseCommit } = await inspectRepository({ path: config.repository });
        return `${root}, at commit ${baseCommit.slice(0, 10)}`;
      } catch (error) {
        const isNone = error instanceof OrchError && error.code === "not-a-repository";
        if (isNone && !isAsked) return { skipped: "this folder is in none; give one with --repo" };
        throw error;
      }
    }),
  ];
}

/** Opens it if it is there; if not, looks whether it could be made, without making it. */
async function checkDatabase(path: string): Promise<string> {
  if (existsSync(path)) {
    (await openSqliteStore(path)).close();
    return path;
  }
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OrchError(`${path} cannot be made: ${folder} is not writable`, {
      code: "database-unwritable",
      hint: "mend the folder's permissions, or set ORCHESTRATOR_DB_PATH to another place",
      cause: error,
    });
  }
  return `${path} (made at the first job)`;
}

async function check(name: string, look: Look): Promise<Check> {
  try {
    const found = await look();
    if (typeof found === "string") return { name, status: "ok", detail: found, remedy: null };
    return { name, status: "skipped", detail: found.skipped, remedy: null };
  } catch (error) {
    const { message, hint } = describeError(error);
    return { name, status: "failed", detail: message, remedy: hint };
  }
}

function problem(message: string, hint: string): OrchError {
  return new OrchError(message, { code: "check-failed", hint });
}
