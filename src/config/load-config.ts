/** Reads the settings from where they may come from, and says where a wrong one came from. */

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse as parseDotenv } from "dotenv";
import { UsageError } from "../core/errors.ts";
import { isPlainObject } from "../core/json.ts";
import { SETTINGS, type Setting, type SettingName, type Settings } from "./settings.ts";

export const CONFIG_FILE = "orch.config.json";

export interface Config extends Settings {
  readonly databasePath: string;
  readonly codexHome: string;
}

/** Values by setting's name, and what to call the place that they came from. */
interface Source {
  readonly values: Readonly<Partial<Record<SettingName, unknown>>>;
  readonly nameOf: (setting: Setting, name: SettingName) => string;
}

/**
 * @param flags values of the command line, by setting's name
 * @param nameOfFlag what to call the place of such a value. Default: the flag
 * @param environment usually `process.env`
 * @param directory the folder whose `.env` is read, and which relative paths are relative to
 * @throws UsageError `bad-setting`, `bad-config-file`
 */
export function loadConfig(params: {
  readonly flags: Readonly<Partial<Record<SettingName, unknown>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly nameOfFlag?: (name: SettingName) => string;
}): Config {
  const { flags, environment, directory, nameOfFlag } = params;
  const outer: readonly Source[] = [
    { values: flags, nameOf: (setting, name) => nameOfFlag?.(name) ?? `--${setting.flag}` },
    ...fromSurroundings(environment, directory),
  ];
  const repository = resolve(directory, read("repository", outer) as string);
  const sources = [...outer, fromFile(join(repository, CONFIG_FILE))];
  const names = Object.keys(SETTINGS) as SettingName[];
  const settings = Object.fromEntries(names.map((name) => [name, read(name, sources)])) as unknown as Settings;
  const state = stateDirectory(environment);
  return {
    ...settings,
    repository,
    databasePath: placeOfDatabase(settings.databasePath, environment, directory),
    codexHome: settings.codexHome ? resolve(directory, settings.codexHome) : join(state, "codex"),
    ...(settings.codexPath?.includes("/") && { codexPath: resolve(directory, settings.codexPath) }),
  };
}

/** Where the database is: all that is needed to look at jobs, whatever else is wrong. */
export function loadDatabasePath(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Config["databasePath"] {
  const path = read("databasePath", fromSurroundings(environment, directory)) as Settings["databasePath"];
  return placeOfDatabase(path, environment, directory);
}

/** Whether nothing is to be done: for commands that need no other setting. */
export function loadDryRun(environment: Readonly<Record<string, string | undefined>>, directory: string): boolean {
  return read("dryRun", fromSurroundings(environment, directory)) as Settings["dryRun"];
}

/** Whatever would change a job, and cannot be shown beforehand. */
export function notInDryRun(): UsageError {
  return new UsageError("this is a dry run (ORCHESTRATOR_DRY_RUN): nothing is done to jobs", {
    code: "dry-run",
    hint: "unset it, in the environment and in .env; orch run, orch dispatch and orch clean show what they would do",
  });
}

/**
 * What models cost for jobs in that repository, by the settings as they are now.
 *
 * @param repository absolute path
 * @throws UsageError `bad-setting`, `bad-config-file`
 */
export function loadPrices(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
  repository: string,
): Settings["prices"] {
  const sources = [...fromSurroundings(environment, directory), fromFile(join(repository, CONFIG_FILE))];
  return read("prices", sources) as Settings["prices"];
}

function placeOfDatabase(
  path: Settings["databasePath"],
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): string {
  return path ? resolve(directory, path) : join(stateDirectory(environment), "orchestrator.db");
}

function fromSurroundings(environment: Readonly<Record<string, string | undefined>>, directory: string): Source[] {
  const outer = fromVariables(environment);
  const dotenv = fromVariables(readDotenv(directory));
  refuseHostileDotenv(outer, dotenv, join(directory, ".env"));
  return [
    { values: outer, nameOf: (setting) => `${setting.variable}` },
    { values: dotenv, nameOf: (setting) => `${setting.variable} in .env` },
  ];
}

/**
 * `.env` may be part of a repository that somebody else wrote: it does not choose the program that is run, nor where a
 * key that is not its own is sent, nor whether what is run is held by a sandbox, nor who commands a bot that is not its own.
 */
function refuseHostileDotenv(outer: Source["values"], dotenv: Source["values"], path: string): void {
  const refuse = (what: string, hint: string) => {
    throw new UsageError(`${path} ${what}`, { code: "unsafe-dotenv", hint });
  };
  if (dotenv.codexPath !== undefined && outer.codexPath === undefined) {
    refuse("sets ORCHESTRATOR_CODEX_PATH, which is a program to run", "set it in the environment instead");
  }
  if (dotenv.dangerouslyWithoutSandbox !== undefined) {
    refuse(
      "sets ORCHESTRATOR_DANGEROUSLY_WITHOUT_SANDBOX, which takes your protection away",
      "take it out of the file; whoever means it sets it in the environment, or as a flag",
    );
  }
  if (dotenv.baseUrl !== undefined && outer.baseUrl === undefined && outer.apiKey !== undefined) {
    refuse(
      "sets OPENAI_BASE_URL: the key of your environment would be sent there",
      "set OPENAI_BASE_URL in the environment too, or put its key into .env beside it",
    );
  }
  if (outer.telegramToken !== undefined && dotenv.telegramToken !== outer.telegramToken) {
    if (dotenv.telegramApiRoot !== undefined && outer.telegramApiRoot === undefined) {
      refuse(
        "sets TELEGRAM_API_ROOT: the token of your environment would be sent there",
        "set TELEGRAM_API_ROOT in the environment too",
      );
    }
    if (dotenv.telegramAdmins !== undefined && outer.telegramAdmins === undefined) {
      refuse(
        "sets ADMIN_TELEGRAM_ID: whoever it names would command the bot of your environment",
        "set ADMIN_TELEGRAM_ID in the environment too",
      );
    }
  }
}

function read(name: SettingName, sources: readonly Source[]): unknown {
  const setting: Setting = SETTINGS[name];
  const source = sources.find(({ values }) => values[name] !== undefined);
  const result = setting.schema.safeParse(source?.values[name]);
  if (result.success) return result.data;
  const where = source?.nameOf(setting, name) ?? name;
  const [issue] = result.error.issues;
  const path = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
  throw new UsageError(`${where} is wrong${path}: ${issue?.message}`, {
    code: "bad-setting",
    hint: setting.description,
  });
}

/** An empty variable is as good as none: that is how shells and service files unset one. */
function fromVariables(environment: Readonly<Record<string, string | undefined>>): Source["values"] {
  const entries = Object.entries(SETTINGS as Record<string, Setting>).flatMap(([name, { variable }]) => {
    const value = variable && environment[variable];
    return value ? [[name, value]] : [];
  });
  return Object.fromEntries(entries) as Source["values"];
}

function readDotenv(directory: string): Record<string, string> {
  try {
    return parseDotenv(readFileSync(join(directory, ".env")));
  } catch (error) {
    if (isMissing(error)) return {};
    throw new UsageError(`${join(directory, ".env")} cannot be read: ${(error as Error).message}`, {
      code: "bad-config-file",
      hint: "mend its permissions, or move it away",
      cause: error,
    });
  }
}

function fromFile(path: string): Source {
  const values = readConfigFile(path);
  const allowed = Object.entries(SETTINGS as Record<string, Setting>).flatMap(([name, { inFile }]) =>
    inFile ? [name] : [],
  );
  for (const key of Object.keys(values)) {
    if (key === "$schema" || allowed.includes(key)) continue;
    throw badFile(path, `it sets "${key}"`, `it may set ${allowed.join(", ")}`);
  }
  return { values, nameOf: (_setting, name) => `"${name}" in ${path}` };
}

function readConfigFile(path: string): Record<string, unknown> {
  try {
    const values: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isPlainObject(values)) return values;
  } catch (error) {
    if (isMissing(error)) return {};
    throw badFile(path, (error as Error).message, "it must be a JSON object");
  }
  throw badFile(path, "it is not an object", "it must be a JSON object");
}

function badFile(path: string, what: string, hint: string): UsageError {
  return new UsageError(`${path} cannot be used: ${what}`, { code: "bad-config-file", hint });
}

/** No file there, or (for a repository that is not one) no folder: the latter is told apart later, with its own error. */
function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

function stateDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment.XDG_STATE_HOME;
  // The specification says that a relative path there is to be ignored.
  return join(base?.startsWith("/") ? base : join(homedir(), ".local", "state"), "orch");
}
