/** Finds the user's Codex CLI, and says what to do when there is none or it is too old. */

import { resolve } from "node:path";
import { UsageError } from "../../core/errors.ts";
import { printable } from "../../core/ids.ts";
import { passedEnvironment } from "../environment.ts";
import { runProcess } from "../process.ts";
import { findProgram, isProgram } from "../sandbox/find-program.ts";

export interface FoundCodex {
  /** Absolute. */
  readonly path: string;
  /** `0.169.0` */
  readonly version: string;
}

export interface FindCodexOptions {
  /** Ours, usually `process.env`: its PATH is searched. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A path, or a name on PATH. Default `codex`. */
  readonly codex?: string | undefined;
  /** Where a relative path starts from. */
  readonly cwd: string;
}

export const OLDEST_CODEX = "0.160.0";
const VERSION_LIMIT_MS = 30_000;
const INSTALL = "install it with: npm install --global @openai/codex@latest";

/** Throws a `UsageError` (`codex-not-found`, `codex-too-old`). */
export async function findCodex({ environment, codex = "codex", cwd }: FindCodexOptions): Promise<FoundCodex> {
  const path = await locate(codex, environment.PATH ?? "", cwd);
  if (path === undefined) {
    const where = codex.includes("/")
      ? `${printable(codex, 300)} is not a program`
      : `"${printable(codex)}" is not on PATH`;
    throw new UsageError(`Codex CLI was not found: ${where}`, { code: "codex-not-found", hint: INSTALL });
  }
  const version = await askVersion(path, environment);
  if (isOlder(version, OLDEST_CODEX)) {
    throw new UsageError(`Codex CLI ${version} is too old: orch needs ${OLDEST_CODEX} or newer`, {
      code: "codex-too-old",
      hint: INSTALL,
    });
  }
  return { path, version };
}

async function locate(codex: string, pathVariable: string, cwd: string): Promise<string | undefined> {
  if (!codex.includes("/")) return await findProgram(codex, pathVariable);
  const path = resolve(cwd, codex);
  return (await isProgram(path)) ? path : undefined;
}

async function askVersion(path: string, environment: FindCodexOptions["environment"]): Promise<string> {
  const result = await runProcess({
    command: path,
    args: ["--version"],
    cwd: "/",
    env: passedEnvironment(environment),
    timeoutMs: VERSION_LIMIT_MS,
  });
  const version = /^codex-cli (\d+\.\d+\.\d+)/m.exec(result.stdout)?.[1];
  if (result.exitCode === 0 && version !== undefined) return version;
  const said = (result.stderr || result.stdout).trim();
  throw new UsageError(`${printable(path, 300)} did not tell its version: ${printable(said || "no answer", 300)}`, {
    code: "codex-not-found",
    hint: `this should be Codex CLI; ${INSTALL}`,
  });
}

function isOlder(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const index = a.findIndex((part, position) => part !== b[position]);
  return index !== -1 && (a[index] as number) < (b[index] as number);
}
