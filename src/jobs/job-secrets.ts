/** What must not get out of a job: the secrets that this process knows, and those in the files that the job copies. */

import type { Config } from "../config/load-config.ts";
import { SETTINGS, type Setting, type SettingName } from "../config/settings.ts";
import type { CodingJobInput } from "../core/coding.ts";
import { UsageError } from "../core/errors.ts";
import { secretValues } from "../core/known-secrets.ts";
import { createRedactor, type Redact, spellings } from "../core/redact.ts";
import { SECRET_SHAPES } from "../core/secret-shapes.ts";
import { readSecretFiles } from "../services/commands/secret-files.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The values of secret settings, and what the environment's names call secret. */
export function processSecrets(config: Partial<Config>, environment: Environment): string[] {
  const settings = Object.entries(SETTINGS as Record<string, Setting>).flatMap(([name, { isSecret }]) => {
    const value = isSecret ? config[name as SettingName] : undefined;
    return typeof value === "string" ? [value] : [];
  });
  return [...new Set([...settings, ...secretValues(environment)])];
}

/** The one redactor of a job: it stands before its history, its log, its commits and what is said of it. */
export function jobRedactor(secrets: readonly string[], { repository, settings }: CodingJobInput): Redact {
  return createRedactor([...secrets, ...copiedSecrets({ repository, settings })]);
}

/** Those in the files that the job copies into its worktrees, as they are now. */
export function copiedSecrets({ repository, settings }: Pick<CodingJobInput, "repository" | "settings">): string[] {
  return readSecretFiles(repository.root, settings.copy);
}

/**
 * A setup or verify command is stored as it is, since it is to be run as it is. A password in a URL is let be: that of a
 * test's database stands in many a command.
 *
 * @throws UsageError `secret-in-command`
 */
export function refuseSecretCommands(secrets: readonly string[], { settings }: CodingJobInput): void {
  const known = spellings(secrets);
  const shapes = SECRET_SHAPES.filter(({ kind }) => kind !== "url-password");
  for (const name of ["setup", "verify"] as const) {
    const index = settings[name].findIndex(
      (command) =>
        known.some((secret) => command.includes(secret)) || shapes.some(({ pattern }) => command.search(pattern) >= 0),
    );
    if (index === -1) continue;
    throw new UsageError(`command ${index + 1} of "${name}" holds a secret, which would be stored with the job`, {
      code: "secret-in-command",
      hint: `put it into a file that git ignores, name that file in "copy", and have the command read it`,
    });
  }
}
